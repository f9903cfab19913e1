import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import type { ContainerSpec, MountSpec, TmpfsSpec } from "../../components/spec";
import { compare, sorted } from "../order";
import { capability, cpuShares, cpuText } from "./format";
import { LABEL_PREFIX } from "./labels";

export interface Attachment {
    /** Id of the network: its replacement under the same name replaces the container too. */
    network: pulumi.Input<string>;
    aliases: string[];
}

/** Everything about a container that its own spec does not say. */
export interface Placement {
    labels: Record<string, pulumi.Input<string>>;
    attachments: Attachment[];
    /** Read-only volumes that hold its files. */
    fileMounts: { volume: pulumi.Input<string>; path: string }[];
    /** Supplementary groups of its user. */
    groups: string[];
}

/**
 * The arguments of a container. All that the provider reads back is set explicitly, in the form in which it reads it back: an
 * omitted default would be a change in every preview.
 */
export function containerArgs(spec: ContainerSpec, placement: Placement): docker.ContainerArgs {
    return {
        image: spec.image,
        ...(spec.command && { entrypoints: spec.command }),
        ...(spec.args && { command: spec.args }),
        envs: environment(spec.env),
        labels: labelList(placement.labels),
        user: spec.security.user,
        ...(placement.groups.length > 0 && { groupAdds: placement.groups }),
        readOnly: spec.security.readOnlyRoot,
        privileged: false,
        capabilities: {
            ...(spec.security.addCapabilities.length > 0 && {
                adds: spec.security.addCapabilities.map(capability).sort(),
            }),
            drops: ["ALL"],
        },
        securityOpts: ["no-new-privileges:true"],
        ipcMode: "private",
        memory: spec.resources.memoryLimitMiB,
        // Equal to the limit means no swap: a workload over its limit is killed and restarted, not slowed down for everybody.
        memorySwap: spec.resources.memoryLimitMiB,
        memoryReservation: spec.resources.memoryReservationMiB,
        cpus: cpuText(spec.resources.cpuLimit),
        cpuShares: cpuShares(spec.resources.cpuReservation),
        shmSize: spec.shmMiB ?? 64,
        tmpfs: tmpfs(spec.tmpfs),
        mounts: mounts(spec.mounts, placement.fileMounts),
        networkMode: placement.attachments.length > 0 ? "bridge" : "none",
        networksAdvanced: placement.attachments.map(({ network, aliases }) => ({ name: network, aliases })),
        publishAllPorts: false,
        logDriver: "json-file",
        logOpts: { "max-file": String(spec.logs.maxFiles), "max-size": `${spec.logs.maxFileMiB}m` },
        stopSignal: spec.stopSignal ?? "SIGTERM",
        stopTimeout: spec.stopGraceSeconds,
        destroyGraceSeconds: spec.stopGraceSeconds,
        attach: false,
        logs: false,
        rm: false,
        stdinOpen: false,
        tty: false,
    };
}

export function labelList(labels: Record<string, pulumi.Input<string>>): docker.types.input.ContainerLabel[] {
    return sorted(labels).map(([name, value]) => ({ label: LABEL_PREFIX + name, value }));
}

function environment(env: Record<string, pulumi.Input<string>>): pulumi.Input<string>[] {
    return sorted(env).map(([name, value]) =>
        typeof value === "string" ? `${name}=${value}` : pulumi.interpolate`${name}=${value}`,
    );
}

function tmpfs(specs: TmpfsSpec[]): Record<string, string> {
    return Object.fromEntries(
        specs
            .map((t) => [t.path, `size=${t.sizeMiB}m,mode=${t.mode ?? "1777"}`] as const)
            .sort(([a], [b]) => compare(a, b)),
    );
}

function mounts(data: MountSpec[], files: Placement["fileMounts"]): docker.types.input.ContainerMount[] {
    return [
        ...data.map((m) => ({ type: "volume", source: m.volume.id, target: m.path, readOnly: m.readOnly })),
        ...files.map((f) => ({ type: "volume", source: f.volume, target: f.path, readOnly: true })),
    ].sort((a, b) => compare(a.target, b.target));
}
