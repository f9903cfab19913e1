import { posix } from "node:path";

import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import type { core } from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";

import type { FileSpec } from "../../components/spec";
import { compare, slug, sorted } from "./format";
import type { Labels } from "./labels";
import type { ContainerSpec } from "./pod";

/** Readable by the pod's fsGroup, which is its user's, and by nobody else. */
const FILE_MODE = 0o440;

/** Where a pod finds a workload's files and secret variables. */
export interface PlacedFiles {
    volumes: core.v1.Volume[];
    mounts: core.v1.VolumeMount[];
    env: core.v1.EnvVar[];
    resources: pulumi.Resource[];
}

interface Made {
    secret?: Secret;
    config?: ConfigMap;
    keys: Set<string>;
}

/**
 * Puts secret files and variables into one Secret of a workload, other files into one ConfigMap. Both are immutable and have a name of
 * the provider's making: other content is another object under another name, which rolls exactly the pods that use it, and what still
 * runs keeps what it was started with.
 */
export class FilePlacer {
    /** By owner: made once for a workload and the jobs that share its files. */
    private readonly made = new Map<string, Made>();

    constructor(private readonly namespace: pulumi.Input<string>) {}

    place(spec: ContainerSpec, labels: Labels, opts: pulumi.CustomResourceOptions): PlacedFiles {
        const owner = spec.filesOf ?? spec.name;
        const made = this.made.get(owner) ?? this.make(owner, spec, labels, opts);
        this.made.set(owner, made);
        const directories = byDirectory(spec.files);
        return {
            volumes: directories.map(([directory, files]) => ({
                name: volumeName(directory),
                projected: { defaultMode: FILE_MODE, sources: sources(files, made, owner) },
            })),
            mounts: directories.map(([directory]) => ({
                name: volumeName(directory),
                mountPath: directory,
                readOnly: true,
            })),
            env: sorted(spec.secretEnv ?? {}).map(([name]) => ({
                name,
                valueFrom: { secretKeyRef: { name: nameOf(made.secret, owner), key: known(name, made, owner) } },
            })),
            resources: [made.secret, made.config].filter((resource) => resource !== undefined),
        };
    }

    private make(owner: string, spec: ContainerSpec, labels: Labels, opts: pulumi.CustomResourceOptions): Made {
        const secrets = [...entries(spec.files.filter((file) => file.secret)), ...sorted(spec.secretEnv ?? {})];
        const plain = entries(spec.files.filter((file) => !file.secret));
        const keys = new Set([...secrets, ...plain].map(([key]) => key));
        if (keys.size < secrets.length + plain.length) {
            throw new Error(`Two files or secret variables of "${owner}" have the same name.`);
        }
        const metadata = { namespace: this.namespace, labels };
        return {
            keys,
            ...(secrets.length > 0 && {
                secret: new Secret(
                    `${owner}-secrets`,
                    {
                        metadata,
                        type: "Opaque",
                        immutable: true,
                        data: Object.fromEntries(secrets.map(([key, content]) => [key, encoded(content)])),
                    },
                    opts,
                ),
            }),
            ...(plain.length > 0 && {
                config: new ConfigMap(
                    `${owner}-files`,
                    { metadata, immutable: true, data: Object.fromEntries(plain) },
                    opts,
                ),
            }),
        };
    }
}

function sources(files: FileSpec[], made: Made, owner: string): core.v1.VolumeProjection[] {
    const items = (secret: boolean) =>
        files
            .filter((file) => file.secret === secret)
            .map((file) => posix.basename(file.path))
            .map((key) => ({ key: known(key, made, owner), path: key }));
    const [secrets, plain] = [items(true), items(false)];
    return [
        ...(secrets.length > 0 ? [{ secret: { name: nameOf(made.secret, owner), items: secrets } }] : []),
        ...(plain.length > 0 ? [{ configMap: { name: nameOf(made.config, owner), items: plain } }] : []),
    ];
}

function known(key: string, made: Made, owner: string): string {
    if (!made.keys.has(key)) {
        throw new Error(`"${key}" is not among the files of "${owner}", which are made once for all that share them.`);
    }
    return key;
}

function nameOf(object: Secret | ConfigMap | undefined, owner: string): pulumi.Output<string> {
    if (object === undefined) {
        throw new Error(`"${owner}" was made without files, and something shares them.`);
    }
    return object.metadata.name;
}

function encoded(content: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.secret(pulumi.output(content).apply((text) => Buffer.from(text, "utf8").toString("base64")));
}

function entries(files: FileSpec[]): [string, pulumi.Input<string>][] {
    return files
        .map((file): [string, pulumi.Input<string>] => [posix.basename(file.path), file.content])
        .sort(([a], [b]) => compare(a, b));
}

function byDirectory(files: FileSpec[]): [string, FileSpec[]][] {
    const directories = new Map<string, FileSpec[]>();
    for (const file of files.slice().sort((a, b) => compare(a.path, b.path))) {
        const directory = posix.dirname(file.path);
        directories.set(directory, [...(directories.get(directory) ?? []), file]);
    }
    return [...directories].sort(([a], [b]) => compare(a, b));
}

function volumeName(directory: string): string {
    return `files-${slug(directory)}`;
}
