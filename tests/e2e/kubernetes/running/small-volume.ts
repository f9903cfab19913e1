/**
 * A volume that can be full. Those of the cluster's own class are directories of the node's disk, which have no size of their own; this one
 * is a file system of its own, in memory, given to one claim before that is made.
 */
import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";

import type { Cluster } from "../cluster/cluster";
import { NODE, PATHS } from "../cluster/layout";
import { run } from "../cluster/shell";

export class SmallVolume {
    private constructor(private readonly directory: string) {}

    /** For a cluster of our own alone: it mounts on the node, which is this machine. */
    static async make(
        cluster: Cluster,
        name: string,
        claim: { namespace: string; name: string },
        sizeMiB: number,
    ): Promise<SmallVolume> {
        // Where the cluster keeps its volumes, so that it ends this one too when it is stopped.
        const directory = directoryOf(name);
        mkdirSync(directory, { recursive: true });
        await run("mount", ["-t", "tmpfs", "-o", `size=${sizeMiB}m,mode=0777`, name, directory]);
        await cluster.apply([persistentVolume(name, directory, claim, sizeMiB)]);
        return new SmallVolume(directory);
    }

    /** Removes the volume, whoever made it. Its claim must be gone. */
    static async sweep(cluster: Cluster, name: string): Promise<void> {
        await cluster.kubectl("delete", "persistentvolume", name, "--ignore-not-found");
        const directory = directoryOf(name);
        if (!existsSync(directory)) return;
        await run("umount", ["--lazy", directory]);
        rmdirSync(directory);
    }

    /** MiB that are free, rounded down. */
    async freeMiB(): Promise<number> {
        const text = await run("df", ["--output=avail", "--block-size=1M", this.directory]);
        return Number(text.trim().split("\n").at(-1));
    }
}

function directoryOf(name: string): string {
    return join(PATHS.volumes, name);
}

function persistentVolume(
    name: string,
    path: string,
    claim: { namespace: string; name: string },
    sizeMiB: number,
): object {
    return {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name },
        spec: {
            capacity: { storage: `${sizeMiB}Mi` },
            accessModes: ["ReadWriteOnce"],
            persistentVolumeReclaimPolicy: "Retain",
            // The cluster's default class, which the claim asks for; bound before, so that nothing is provisioned.
            storageClassName: "standard",
            claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", ...claim },
            local: { path },
            nodeAffinity: {
                required: {
                    nodeSelectorTerms: [
                        { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [NODE] }] },
                    ],
                },
            },
        },
    };
}
