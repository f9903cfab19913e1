/** What a pod is: the same for a workload's and a job's. */
import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";

import type { ContainerSpec, PortSpec, TmpfsSpec } from "../../components/spec";
import { sorted } from "../order";
import { preStop } from "./drain";
import type { PlacedFiles } from "./files";
import { cpu, mebibytes, slug, userAndGroup } from "./format";
import { type Labels, volumeLabel } from "./labels";
import type { Probes } from "./probes";
import {
    boundToNode,
    claimVolumes,
    onItsNode,
    ownClaims,
    type StorageOptions,
    togetherWith,
    volumeMounts,
} from "./storage";

/** Beside its logs: what the container runtime itself writes for it. */
const EPHEMERAL_SLACK_MIB = 64;

/**
 * Less than what draws a pod to those that it is to be near: the scheduler adds both up, also what others that run say
 * of the pod. A replica of Postgres must not drive its primary from the node that has the primary's volume.
 */
const APART_WEIGHT = 50;

/** Everything about a pod that its own spec does not say. */
export interface PodParts {
    /** Labels by which the pods of one workload are kept apart; a job's stand alone. */
    spread?: Labels;
    /** Labels of the pods of other workloads that it is kept apart from. */
    apart: Labels[];
    /** Labels of the pods that it is kept with. */
    beside: Labels[];
    /** Labels of the pods that it goes to, if there is room. */
    near: Labels[];
    serviceAccount: pulumi.Input<string>;
    /** Names of Secrets by which its image is pulled; here and not with the account, since another one is another pod then. */
    imagePullSecrets: string[];
    priorityClass: pulumi.Input<string>;
    files: PlacedFiles;
    storage: StorageOptions;
    ports: PortSpec[];
    probes?: Probes;
    /** How long it goes on serving after it is taken out of the Services. */
    drainSeconds: number;
    /** What then ends it. Default: SIGTERM. */
    stopSignal?: string;
    restartPolicy: "Always" | "Never";
}

/** Admitted under the Pod Security level `restricted`. */
export function podSpec(spec: ContainerSpec, parts: PodParts): core.v1.PodSpec {
    const { user, group } = userAndGroup(spec.security.user);
    const own = ownClaims(spec.mounts, spec.name);
    return {
        serviceAccountName: parts.serviceAccount,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        ...pullSecrets(parts.imagePullSecrets),
        restartPolicy: parts.restartPolicy,
        priorityClassName: parts.priorityClass,
        terminationGracePeriodSeconds: spec.stopGraceSeconds + parts.drainSeconds,
        securityContext: {
            runAsNonRoot: true,
            runAsUser: user,
            runAsGroup: group,
            // Volumes and files belong to this group; those of a volume that has it already are not gone through again.
            fsGroup: group,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
        },
        ...placement(spec, parts),
        containers: [container(spec, parts)],
        volumes: [
            ...claimVolumes(spec.mounts.filter((mount) => !own.includes(mount))),
            ...parts.files.volumes,
            ...memoryVolumes(spec).map(({ name, sizeMiB }) => ({
                name,
                emptyDir: { medium: "Memory", sizeLimit: mebibytes(sizeMiB) },
            })),
        ],
    };
}

/** An empty list is read back as none. */
export function pullSecrets(names: string[] = []): Pick<core.v1.PodSpec, "imagePullSecrets"> {
    return names.length > 0 ? { imagePullSecrets: names.map((name) => ({ name })) } : {};
}

/** Labels of the pod, with one for each volume that keeps it on a node. */
export function templateLabels(spec: ContainerSpec, labels: Labels, storage: StorageOptions): Labels {
    const bound = boundToNode(spec.mounts, spec.name, storage).map(({ name }) => [volumeLabel(name), "true"]);
    return { ...labels, ...(Object.fromEntries(bound) as Labels) };
}

function container(spec: ContainerSpec, parts: PodParts): core.v1.Container {
    return {
        name: spec.name,
        image: spec.image,
        imagePullPolicy: "IfNotPresent",
        ...(spec.command && { command: spec.command }),
        ...(spec.args && { args: spec.args }),
        env: [...sorted(spec.env).map(([name, value]) => ({ name, value })), ...parts.files.env],
        // An empty list is read back as none.
        ...(parts.ports.length > 0 && {
            ports: parts.ports.map(({ name, port, protocol }) => ({
                name,
                containerPort: port,
                protocol: protocol.toUpperCase(),
            })),
        }),
        resources: resourceRequirements(spec),
        securityContext: {
            allowPrivilegeEscalation: false,
            privileged: false,
            readOnlyRootFilesystem: spec.security.readOnlyRoot,
            runAsNonRoot: true,
            capabilities: {
                drop: ["ALL"],
                ...(spec.security.addCapabilities.length > 0 && { add: spec.security.addCapabilities.slice().sort() }),
            },
        },
        volumeMounts: [
            ...volumeMounts(spec.mounts),
            ...parts.files.mounts,
            ...memoryVolumes(spec).map(({ name, path }) => ({ name, mountPath: path })),
        ],
        ...parts.probes,
        ...(parts.drainSeconds > 0 && { lifecycle: { preStop: preStop(spec, parts) } }),
    };
}

/** What a container asks of a node. */
export interface Sized extends Pick<ContainerSpec, "resources" | "logs"> {
    /** What it writes to the node's own disk beside its logs. Default: 0. */
    scratchMiB?: number;
}

export function resourceRequirements(spec: Sized): core.v1.ResourceRequirements {
    const { cpuReservation, cpuLimit, memoryReservationMiB, memoryLimitMiB } = spec.resources;
    const ephemeral = ephemeralMiB(spec);
    return {
        requests: {
            cpu: cpu(cpuReservation),
            memory: mebibytes(memoryReservationMiB),
            "ephemeral-storage": mebibytes(ephemeral.request),
        },
        limits: {
            cpu: cpu(cpuLimit),
            memory: mebibytes(memoryLimitMiB),
            "ephemeral-storage": mebibytes(ephemeral.limit),
        },
    };
}

/** The node's own disk: logs, which are rotated, and nothing else where the root file system is read-only. */
export function ephemeralMiB({ logs, scratchMiB = 0 }: Omit<Sized, "resources">): { request: number; limit: number } {
    const other = scratchMiB + EPHEMERAL_SLACK_MIB;
    return { request: logs.maxFileMiB + other, limit: logs.maxFileMiB * logs.maxFiles + other };
}

/** Counted as the container's memory, as on Docker. They are open to the pod's group, whatever `mode` says. */
function memoryVolumes(spec: ContainerSpec): (TmpfsSpec & { name: string })[] {
    const shm = spec.shmMiB === undefined ? [] : [{ path: "/dev/shm", sizeMiB: spec.shmMiB }];
    return [...spec.tmpfs, ...shm].map((tmpfs) => ({ ...tmpfs, name: `memory-${slug(tmpfs.path)}` }));
}

function placement(
    spec: ContainerSpec,
    { spread, apart, beside, near, storage }: PodParts,
): Pick<core.v1.PodSpec, "affinity" | "topologySpreadConstraints"> {
    const bound = boundToNode(spec.mounts, spec.name, storage);
    const podAffinity = togetherWith(bound, beside, near);
    // Where a volume keeps all of its replicas on one node, there is nothing to spread.
    const spreading = bound.length === 0 ? spread : undefined;
    const avoided = [
        ...(spreading ? [onItsNode(spreading, 100)] : []),
        ...apart.map((labels) => onItsNode(labels, APART_WEIGHT)),
    ];
    const affinity = {
        ...(podAffinity && { podAffinity }),
        ...(avoided.length > 0 && {
            podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: avoided },
        }),
    };
    return {
        ...((podAffinity || avoided.length > 0) && { affinity }),
        ...(spreading && { topologySpreadConstraints: spreadOver(spreading) }),
    };
}

function spreadOver(matchLabels: Labels): core.v1.TopologySpreadConstraint[] {
    return ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
        labelSelector: { matchLabels },
        // Of one version: counted with the old ones that go, the new ones would end up uneven.
        matchLabelKeys: ["pod-template-hash"],
        maxSkew: 1,
        topologyKey,
        // A cluster of one node or one zone is no reason not to run.
        whenUnsatisfiable: "ScheduleAnyway",
    }));
}
