/**
 * What a component says of a workload, in the words that Docker and Kubernetes share. A target turns it into resources.
 *
 * Units: memory in MiB, cpu in cores, time in seconds.
 */
import type * as pulumi from "@pulumi/pulumi";

import type { Probe, Resources } from "../systems/types";
import type { SecretTemplate, SecretText } from "./secret-text";

/** In a `Flow`: whoever is not of the stack. */
export const OUTSIDE = "*";

/** A connection that the system's data names. A target that can tell workloads apart refuses every other one. */
export interface Flow {
    /** Name of a workload or job, or `OUTSIDE`. */
    from: string;
    /** Name of a workload, or `OUTSIDE`: the internet, not the cluster's or the site's own network, unless `addresses` says where. */
    to: string;
    /** With `to: OUTSIDE`: CIDRs, and nowhere else. */
    addresses?: string[];
    /** With `from: OUTSIDE`: the pods of this namespace of the cluster, and nobody else. */
    namespace?: string;
    /** Where `to` listens; empty: any port. */
    ports: FlowPort[];
}
export type FlowPort = Pick<PortSpec, "port" | "protocol">;

/** A network segment of the stack. */
export interface NetworkSpec {
    /** `edge`, `data` or `egress`. */
    segment: Segment;
    /** No way out of the stack, and none in from the host. */
    isolated: boolean;
}
export type Segment = "edge" | "data" | "egress";

export interface VolumeSpec {
    /** Name within the stack, e.g. `postgres-data`. */
    name: string;
    sizeMiB: number;
    /** Protected and kept on delete outside of dev. */
    stateful: boolean;
    /** Several replicas may mount it at once. */
    shared: boolean;
    /** Those who do are all on one machine, whatever the target's storage can. Default: false. */
    oneHost?: boolean;
    /** The workload of `exclusive: "data"` that alone mounts it. Default: any may. */
    owner?: string;
    /**
     * Another workload of `exclusive: "data"` may come to have it in the owner's place, one at a time. Kubernetes then
     * names it in the pod, and in no template that would make an empty one where it is gone. Default: false.
     */
    movable?: boolean;
}

/** A file that a container finds at `path`, read-only. Its content is never in a command line, the environment or a label. */
export interface FileSpec {
    path: string;
    /** A template only where the target has something that fills it in, and only if secret. */
    content: pulumi.Input<string> | SecretTemplate;
    /** Secret files are readable by the workload's own user only. */
    secret: boolean;
}

export interface PortSpec {
    name: string;
    port: number;
    protocol: "tcp" | "udp";
    /** Publish on the host (Docker) or on the load balancer (Kubernetes). */
    publish?: { address: string; port: number };
}

export interface MountSpec {
    volume: VolumeHandle;
    path: string;
    readOnly: boolean;
    /**
     * Give the directory to the workload's user before it starts, because its image makes it as root's (Docker; Kubernetes does it for
     * every volume). Default: false.
     */
    own?: boolean;
    /** The workload that has the volume all the time: where one node at a time can have it, they are on the same. Default: nobody. */
    beside?: string;
    /** It is attached wherever what mounts it runs, and nothing is placed for its sake. Default: false. */
    follows?: boolean;
}

/** Writable memory-backed directory in an otherwise read-only root file system. */
export interface TmpfsSpec {
    path: string;
    sizeMiB: number;
    /** Octal mode; default 1777. */
    mode?: string;
}

export interface SecuritySpec {
    /** `uid:gid`, numeric. */
    user: string;
    /** All capabilities are dropped; these are added back, e.g. `NET_BIND_SERVICE`. */
    addCapabilities: string[];
    readOnlyRoot: boolean;
}

/** How the number of replicas follows the load, where a target can. */
export interface AutoscaleSpec {
    min: number;
    max: number;
    /** Average use of the reserved CPU that is aimed at. */
    cpuPercent: number;
}

/** What of the cluster's own is in front of a workload: it ends TLS and sends on HTTP. */
export interface FrontSpec {
    /** Host names that lead to the workload's port `http`. */
    hosts: string[];
    /** PEM texts. Absent: the target's own way to one. */
    certificate?: CertificateSpec;
}

export interface CertificateSpec {
    certificate: pulumi.Output<string>;
    key: pulumi.Output<string>;
}

export interface WorkloadSpec {
    /** Name within the stack, which is also its DNS name: `api`, `postgres`. */
    name: string;
    /** What it is, for labels and reports: `backend`, `postgres`, `edge` … */
    component: string;
    /** What `Target.image` returned. */
    image: pulumi.Input<string>;
    /** Instead of the image's entry point, as in Kubernetes. */
    command?: string[];
    /** Instead of the image's command (its arguments), as in Kubernetes. */
    args?: string[];
    /** At the start, where it follows the load. */
    replicas: number;
    /** Absent: `replicas`, always. */
    autoscale?: AutoscaleSpec;
    ports: PortSpec[];
    /** Absent: its published ports are its own way in. Only where `isFronted` says so. */
    front?: FrontSpec;
    /** Plain variables only: a secret goes into `files` or `secretEnv`. */
    env: Record<string, pulumi.Input<string>>;
    /** Secrets that the process reads from its environment, by name of the variable. Absent: none. */
    secretEnv?: Record<string, SecretText>;
    files: FileSpec[];
    /** The workload whose files these are too: they are made once for both. Default: nobody's. */
    filesOf?: string;
    mounts: MountSpec[];
    tmpfs: TmpfsSpec[];
    resources: Resources;
    /** `/dev/shm`; default: the engine's 64. */
    shmMiB?: number;
    /** Most processes and threads. */
    pidsLimit: number;
    security: SecuritySpec;
    /** Restarted when it fails (Kubernetes liveness); on Docker the container's health check. */
    health: Probe;
    /** May it be sent requests? Absent: `health`. */
    readiness?: Probe;
    /** What it is restarted for where that is less than `health`: where a restart would not help. Absent: `health`. */
    liveness?: Probe;
    segments: Segment[];
    /** Workloads that it shares no machine with, if there is another one. Absent: none but its own replicas. */
    apartFrom?: string[];
    /**
     * Workloads beside which it starts if there is room, because they have its volume there: they go where it is by
     * `MountSpec.beside`, and stay when it alone is started anew. Default: none.
     */
    near?: string[];
    /**
     * Why two cannot run at once. `data`: it owns what is on its volumes, so that the old one is gone before the new one starts, on every
     * target. `ports`: on one machine two cannot publish the same ports.
     */
    exclusive: false | "data" | "ports";
    stopSignal?: string;
    stopGraceSeconds: number;
    logs: { maxFileMiB: number; maxFiles: number };
    /** How long `up` waits for it to become healthy. */
    waitSeconds: number;
}

/**
 * A command that runs to its end with each release, and when its variables or secrets change; `up` fails with its last
 * log lines if it does.
 */
export interface JobSpec extends Omit<
    WorkloadSpec,
    | "replicas"
    | "autoscale"
    | "ports"
    | "front"
    | "health"
    | "readiness"
    | "liveness"
    | "apartFrom"
    | "near"
    | "exclusive"
    | "waitSeconds"
> {
    /** Change of any of these runs it again. */
    triggers: Record<string, pulumi.Input<string>>;
    /** For its command; a target adds what its start takes. Longer than this it is ended, and has failed. */
    timeoutSeconds: number;
}

/** What a long-running workload and a job have in common. */
export type ContainerSpec = Omit<JobSpec, "triggers" | "timeoutSeconds">;

/** A program that is run by the clock. Its volumes and files are the same for every run. */
export interface ScheduleSpec extends Omit<
    WorkloadSpec,
    "args" | "replicas" | "autoscale" | "front" | "readiness" | "liveness" | "apartFrom" | "near" | "exclusive"
> {
    /** IANA name of what the runs' times are in. */
    timeZone: string;
    /** Arguments of a process that keeps the time itself, for a target that does not: it does all that `runs` and `between` do. */
    itself: string[];
    /** On a target that keeps the time. */
    runs: ScheduledRun[];
    /** There: what goes on all the time beside the runs, as a workload of its own. Absent: nothing does. */
    between?: { name: string; args: string[] };
}

export interface ScheduledRun {
    /** Within the schedule, e.g. `daily`. */
    name: string;
    /** Five fields. */
    cron: string;
    args: string[];
    /** Longer than this it is ended, and has failed. */
    timeoutSeconds: number;
}

/** Where other workloads reach it. */
export interface WorkloadHandle {
    name: string;
    /** DNS names of its replicas inside the stack, one for each, unless `discovery` says otherwise. */
    hosts: string[];
    /** `dns`: its one name has an address for each replica that is ready, as they come and go. */
    discovery?: "dns";
    /** Resources that dependants name in `dependsOn`. */
    resources: pulumi.Resource[];
    /** Engine ids of its containers, or names of its pods' controller. */
    ids: pulumi.Output<string>[];
}

export interface VolumeHandle {
    spec: VolumeSpec;
    /** The engine's name of it. */
    id: pulumi.Output<string>;
    resource: pulumi.Resource;
}

export interface ScheduleHandle {
    /** What runs all the time: absent where a target keeps the time and nothing goes on between the runs. */
    workload?: WorkloadHandle;
    resources: pulumi.Resource[];
}

export interface JobHandle {
    name: string;
    resources: pulumi.Resource[];
}
