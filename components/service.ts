/** What Backend, Frontend and Worker have in common: one workload of the platform's own code. */
import type * as pulumi from "@pulumi/pulumi";

import { secretPath } from "../systems/addresses";
import type { LogPolicy } from "../systems/types";
import type { Target } from "../targets/target";
import { logRotation } from "./log-rotation";
import { Problems } from "./problems";
import type { SecretText } from "./secret-text";
import { waitSeconds } from "./settings/probes";
import type { ServiceSettings } from "./settings/service";
import type { ContainerSpec, FileSpec, MountSpec, TmpfsSpec, VolumeHandle, WorkloadHandle, WorkloadSpec } from "./spec";

/** Enough for a few hundred threads; a fork bomb ends here and not on the host. */
const SERVICE_PIDS = 512;

/** How long a service may finish what it is doing. Docker's own 10 s are short for an upload; the edge has sent it nothing new by then. */
const STOP_GRACE_SECONDS = 30;

/** Each of `Service.writable`, in memory and counted as the container's. */
const WRITABLE_MIB = 64;

export interface ServiceArgs {
    /** Final values; see `resolveService`. */
    settings: ServiceSettings;
    /** What `Target.image` returned for it. */
    image: pulumi.Input<string>;
    /** Values of the secrets that `settings` names. */
    secrets: Record<string, SecretText>;
    /** Volumes that `settings` mounts, by name. */
    volumes: Record<string, VolumeHandle>;
    logs: LogPolicy;
    target: Target;
    /** Must be there, and healthy, before it starts. */
    after: pulumi.Resource[];
}

/** @throws pulumi.InputPropertiesError with everything that is wrong with the settings */
export function service(component: string, args: ServiceArgs, parent: pulumi.Resource): WorkloadHandle {
    validate(component, args);
    return args.target.workload(serviceSpec(component, args), { parent, dependsOn: args.after });
}

function serviceSpec(component: string, args: ServiceArgs): WorkloadSpec {
    const { settings } = args;
    return {
        ...processSpec(component, args, settings.command),
        name: settings.name,
        replicas: settings.replicas,
        autoscale: settings.autoscale,
        ports: settings.port === undefined ? [] : [{ name: "http", port: settings.port, protocol: "tcp" }],
        health: settings.health,
        readiness: settings.readiness,
        liveness: settings.liveness,
        exclusive: false,
        waitSeconds: waitSeconds(settings.health),
    };
}

/** A service's code with its variables, secrets and volumes, to run any command in: the service's own or a migration's. */
export function processSpec(
    component: string,
    args: Pick<ServiceArgs, "settings" | "image" | "secrets" | "volumes" | "logs">,
    command: string[] | undefined,
): Omit<ContainerSpec, "name"> {
    const { settings, logs } = args;
    const exported = settings.secretDelivery === "export";
    return {
        component,
        image: args.image,
        ...(command && { args: command }),
        env: { ...settings.env, ...(!exported && secretFileVariables(settings.secrets)) },
        files: exported ? [] : secretFiles(args.secrets, settings.secrets),
        ...(exported && { secretEnv: secretEnv(args.secrets, settings.secrets) }),
        mounts: mounts(settings, args.volumes),
        tmpfs: writable(settings.writable),
        resources: settings.resources,
        pidsLimit: SERVICE_PIDS,
        security: { user: settings.user, addCapabilities: [], readOnlyRoot: true },
        segments: settings.segments,
        stopGraceSeconds: STOP_GRACE_SECONDS,
        logs: logRotation(logs),
    };
}

function secretFiles(values: Record<string, SecretText>, names: string[]): FileSpec[] {
    return names.map((name) => ({ path: secretPath(name), content: values[name]!, secret: true }));
}

function secretEnv(values: Record<string, SecretText>, names: string[]): Record<string, SecretText> {
    return Object.fromEntries(names.map((name) => [name, values[name]!]));
}

function secretFileVariables(names: string[]): Record<string, string> {
    return Object.fromEntries(names.map((name) => [`${name}_FILE`, secretPath(name)]));
}

/** Owned by the service's user: an image has its mount points as root's unless its author thought of it. */
function mounts(settings: ServiceSettings, volumes: Record<string, VolumeHandle>): MountSpec[] {
    return settings.mounts.map((mount) => ({
        volume: volumes[mount.volume]!,
        path: mount.path,
        readOnly: mount.readOnly ?? false,
        own: !mount.readOnly,
    }));
}

/** @param sizeMiB of each, in MiB; default 64 */
export function writable(paths: string[], sizeMiB = WRITABLE_MIB): TmpfsSpec[] {
    return paths.map((path) => ({ path, sizeMiB }));
}

function validate(component: string, { settings, secrets, volumes, target }: ServiceArgs): void {
    const problems = new Problems()
        .expect(
            Number.isInteger(settings.replicas) && settings.replicas >= 1,
            "settings.replicas",
            `must be a whole number of at least 1, not ${settings.replicas}`,
        )
        .expect(
            settings.replicas <= settings.maxReplicas,
            "settings.replicas",
            `${settings.replicas} is more than the ${settings.maxReplicas} that the system's document allows`,
        )
        .expect(
            settings.secretDelivery === "file" || settings.command !== undefined || target.kind === "kubernetes",
            "settings.command",
            "must be given when secrets are exported, because the shell that exports them has to run it",
        );
    expectResources(problems, settings.resources);
    for (const name of settings.secrets) {
        problems.expect(secrets[name] !== undefined, `secrets.${name}`, "its value is missing");
    }
    for (const mount of settings.mounts) {
        const volume = volumes[mount.volume];
        problems.expect(volume !== undefined, `volumes.${mount.volume}`, "it is mounted but not given");
        problems.expect(
            volume === undefined || volume.spec.shared || settings.replicas === 1 || mount.readOnly === true,
            `settings.replicas`,
            `${settings.replicas} replicas cannot write to the volume "${mount.volume}", which is not made for sharing`,
        );
    }
    problems.throwIfAny(`${component} "${settings.name}"`);
}

/** Limits are positive, and a reservation is not above its limit. */
export function expectResources(problems: Problems, resources: ServiceSettings["resources"]): void {
    const { cpuLimit, cpuReservation, memoryLimitMiB, memoryReservationMiB } = resources;
    problems
        .expect(cpuLimit > 0, "resources.cpuLimit", `must be above 0, not ${cpuLimit}`)
        .expect(
            cpuReservation <= cpuLimit,
            "resources.cpuReservation",
            `${cpuReservation} is above the limit of ${cpuLimit}`,
        )
        .expect(
            memoryLimitMiB >= 6,
            "resources.memoryLimitMiB",
            `must be at least 6, which is Docker's least, not ${memoryLimitMiB}`,
        )
        .expect(
            memoryReservationMiB <= memoryLimitMiB,
            "resources.memoryReservationMiB",
            `${memoryReservationMiB} is above the limit of ${memoryLimitMiB}`,
        );
}
