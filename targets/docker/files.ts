import { createHash } from "node:crypto";
import { posix } from "node:path";

import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

import { SecretTemplate } from "../../components/secret-text";
import type { ContainerSpec, FileSpec } from "../../components/spec";
import { byDirectory } from "../order";
import { containerArgs, labelList, type Placement } from "./container";
import { slug } from "./format";
import { NO_HEALTHCHECK } from "./health";

/**
 * Uploaded files belong to root, whoever the container runs as, so a reader of secrets is also a member of this group, as a pod is of its
 * fsGroup. Nobody else is in the container, and only root gets at the volume on the host.
 */
export const SECRETS_GROUP = "0";

/** Files of a workload, in place: where to mount them, and what changes when they do. */
export interface PlacedFiles {
    mounts: Placement["fileMounts"];
    /** Ids of the containers that filled directories, by label, for whoever reads them. */
    generations: Record<string, pulumi.Output<string>>;
    resources: pulumi.Resource[];
}

/**
 * Puts files where a workload finds them, without a bind mount (the engine may be on another machine) and without their content in
 * anything that `docker inspect` shows: one volume for each directory, filled by a container that is never started. Changed content
 * replaces that container, and its id in a label replaces the containers that read the files.
 */
export class FilePlacer {
    /** Volumes with files, and what filled them, by owner and directory. */
    private readonly made = new Map<string, { volume: docker.Volume; filler: docker.Container }>();

    constructor(private readonly prefix: string) {}

    place(spec: ContainerSpec, labels: Record<string, string>, opts: pulumi.CustomResourceOptions): PlacedFiles {
        const owner = spec.filesOf ?? spec.name;
        const placed: PlacedFiles = { mounts: [], generations: {}, resources: [] };
        for (const [directory, files] of byDirectory(spec.files)) {
            const name = `${this.prefix}-${owner}-${slug(directory)}`;
            const { volume, filler } = this.made.get(name) ?? this.make(name, spec, directory, files, labels, opts);
            this.made.set(name, { volume, filler });
            placed.mounts.push({ volume: volume.name, path: directory });
            placed.generations[`files.${slug(directory)}`] = filler.id;
            placed.resources.push(volume, filler);
        }
        return placed;
    }

    private make(
        name: string,
        spec: ContainerSpec,
        directory: string,
        files: FileSpec[],
        labels: Record<string, string>,
        opts: pulumi.CustomResourceOptions,
    ) {
        const own = { ...labels, component: "files" };
        const volume = new docker.Volume(
            name,
            { driver: "local", labels: labelList({ ...own, files: generation(files) }) },
            opts,
        );
        const filler = new docker.Container(
            `${name}-files`,
            fillerArgs(spec, directory, files, volume, own),
            // The provider would delete first, and the containers that read the files with it, before their successors are healthy.
            { ...opts, deleteBeforeReplace: false },
        );
        return { volume, filler };
    }
}

/**
 * What makes another volume necessary: another set of names, since nothing takes a file away from this one, and another text of a
 * file that is no secret, so that what still runs keeps what it was started with. A secret's text leaves no trace, not even a hash.
 */
function generation(files: FileSpec[]): string {
    return files
        .map((file) => {
            const name = posix.basename(file.path);
            return file.secret || typeof file.content !== "string" ? name : `${name}@${shortHash(file.content)}`;
        })
        .join(",");
}

/** @throws Error for what is made of secrets that nobody here can look up */
function valueOf({ content, path }: FileSpec): pulumi.Input<string> {
    if (content instanceof SecretTemplate) {
        throw new Error(
            `${path} is made of secrets that the stack does not know, and Docker has nothing that puts them in.`,
        );
    }
    return content;
}

function shortHash(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function fillerArgs(
    spec: ContainerSpec,
    directory: string,
    files: FileSpec[],
    volume: docker.Volume,
    labels: Record<string, string>,
): docker.ContainerArgs {
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
        ...containerArgs(inert, { labels, attachments: [], fileMounts: [], groups: [] }),
        mounts: [{ type: "volume", source: volume.name, target: directory, readOnly: false }],
        uploads: files.map((f) => ({
            file: f.path,
            content: valueOf(f),
            permissions: f.secret ? "0440" : "0444",
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
