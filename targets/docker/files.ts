import { posix } from "node:path";

import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

import type { FileSpec } from "../../components/spec";
import { compare, type ContainerSpec, containerArgs, type Placement } from "./container";
import { slug } from "./format";
import { NO_HEALTHCHECK } from "./health";

/** Files of a workload, in place: where to mount them, and what changes when they do. */
export interface PlacedFiles {
    mounts: Placement["fileMounts"];
    /** By directory: the id of the container that filled it, for a label of the container that reads it. */
    generations: Record<string, pulumi.Output<string>>;
    resources: pulumi.Resource[];
}

/**
 * Puts a workload's files where its container finds them, without a bind mount (the engine may be on another machine) and without
 * their content in anything that `docker inspect` shows: one volume for each directory, filled by a container that is never started.
 * Changed content replaces that container, and its id in a label replaces the containers that read the files.
 */
export function placeFiles(
    prefix: string,
    spec: ContainerSpec,
    labels: Record<string, string>,
    opts: pulumi.CustomResourceOptions,
): PlacedFiles {
    const placed: PlacedFiles = { mounts: [], generations: {}, resources: [] };
    for (const [directory, files] of byDirectory(spec.files)) {
        const name = `${prefix}-${spec.name}-${slug(directory)}`;
        const own = { ...labels, component: "files" };
        const volume = new docker.Volume(
            name,
            {
                driver: "local",
                // Another set of names needs another volume: nothing would take a file away from this one.
                labels: Object.entries({ ...own, files: files.map((f) => posix.basename(f.path)).join(",") })
                    .sort(([a], [b]) => compare(a, b))
                    .map(([label, value]) => ({ label: `dev.groundwork.${label}`, value })),
            },
            opts,
        );
        const filler = new docker.Container(
            `${name}-files`,
            fillerArgs(spec, directory, files, volume, own),
            // The provider would delete first, and the containers that read the files with it, before their successors are healthy.
            { ...opts, deleteBeforeReplace: false },
        );
        placed.mounts.push({ volume: volume.name, path: directory });
        placed.generations[`files.${slug(directory)}`] = filler.id;
        placed.resources.push(volume, filler);
    }
    return placed;
}

function fillerArgs(
    spec: ContainerSpec,
    directory: string,
    files: FileSpec[],
    volume: docker.Volume,
    labels: Record<string, string>,
): docker.ContainerArgs {
    const [owner, group] = spec.security.user.split(":");
    const inert: ContainerSpec = {
        ...spec,
        command: undefined,
        args: undefined,
        env: {},
        files: [],
        mounts: [],
        tmpfs: [],
        shmMiB: undefined,
        stopSignal: undefined,
        stopGraceSeconds: 1,
        resources: { cpuLimit: 0.1, cpuReservation: 0, memoryLimitMiB: 16, memoryReservationMiB: 8 },
        // Uploads go through the container's root, which must not be read-only for that. It is never started.
        security: { user: spec.security.user, addCapabilities: [], readOnlyRoot: false },
    };
    return {
        ...containerArgs(inert, { labels, attachments: [], fileMounts: [] }),
        mounts: [{ type: "volume", source: volume.name, target: directory, readOnly: false }],
        uploads: files.map((f) => ({
            file: f.path,
            content: f.content,
            owner,
            group,
            permissions: f.secret ? "0400" : "0444",
            executable: false,
        })),
        healthcheck: NO_HEALTHCHECK,
        restart: "no",
        init: false,
        start: false,
        mustRun: false,
        wait: false,
    };
}

function byDirectory(files: FileSpec[]): [string, FileSpec[]][] {
    const directories = new Map<string, FileSpec[]>();
    for (const file of files.slice().sort((a, b) => compare(a.path, b.path))) {
        const directory = posix.dirname(file.path);
        directories.set(directory, [...(directories.get(directory) ?? []), file]);
    }
    return [...directories].sort(([a], [b]) => compare(a, b));
}
