import { posix } from "node:path";

import type { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import type { core } from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";

import { SecretTemplate } from "../../components/secret-text";
import type { ContainerSpec, FileSpec } from "../../components/spec";
import { byDirectory, compare, sorted } from "../order";
import { externalSecret, type ExternalSecretsOptions, storeFor } from "./external-secrets";
import { slug } from "./format";
import type { Labels } from "./labels";

/** Readable by the pod's fsGroup, which is its user's, and by nobody else. */
const FILE_MODE = 0o440;

/** Where a pod finds a workload's files and secret variables. */
export interface PlacedFiles {
    volumes: core.v1.Volume[];
    mounts: core.v1.VolumeMount[];
    env: core.v1.EnvVar[];
    resources: pulumi.Resource[];
}

type Source = "secret" | "external" | "config";

/** The objects of a workload, and which of them has which key. */
interface Made {
    objects: Partial<Record<Source, Secret | ConfigMap | CustomResource>>;
    names: Partial<Record<Source, pulumi.Input<string>>>;
    keys: Map<string, Source>;
}

/**
 * Puts secret files and variables into one Secret of a workload, other files into one ConfigMap. Both are immutable and
 * have a name of the provider's making: other content is another object under another name, which rolls exactly the
 * pods that use it, and what still runs keeps what it was started with. What is made of secrets that the stack does not
 * know is in a Secret of External Secrets' making, which keeps its name when a value changes.
 */
export class FilePlacer {
    /** Objects by their owner: made once for a workload and the jobs that share its files. */
    private readonly made = new Map<string, Made>();

    constructor(
        private readonly namespace: pulumi.Input<string>,
        private readonly external?: ExternalSecretsOptions,
    ) {}

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
                valueFrom: { secretKeyRef: { name: nameOf(sourceOf(name, made, owner), made), key: name } },
            })),
            resources: Object.values(made.objects),
        };
    }

    private make(owner: string, spec: ContainerSpec, labels: Labels, opts: pulumi.CustomResourceOptions): Made {
        const secrets = [...entries(spec.files.filter((file) => file.secret)), ...sorted(spec.secretEnv ?? {})];
        const plain = entries(spec.files.filter((file) => !file.secret));
        const keys = new Map([...secrets, ...plain].map(([key]): [string, Source] => [key, "config"]));
        if (keys.size < secrets.length + plain.length) {
            throw new Error(`Two files or secret variables of "${owner}" have the same name.`);
        }
        const known = secrets.filter((entry): entry is [string, pulumi.Input<string>] => !isTemplate(entry[1]));
        const templates = secrets.filter((entry): entry is [string, SecretTemplate] => isTemplate(entry[1]));
        known.forEach(([key]) => keys.set(key, "secret"));
        templates.forEach(([key]) => keys.set(key, "external"));
        const made: Made = { objects: {}, names: {}, keys };
        const metadata = { namespace: this.namespace, labels };
        if (known.length > 0) {
            const data = Object.fromEntries(known.map(([key, content]) => [key, encoded(content)]));
            const secret = new Secret(`${owner}-secrets`, { metadata, type: "Opaque", immutable: true, data }, opts);
            add(made, "secret", secret, secret.metadata.name);
        }
        if (templates.length > 0) {
            const name = `${owner}-external`;
            const data = Object.fromEntries(templates);
            add(
                made,
                "external",
                externalSecret({ ...metadata, name }, data, storeFor(owner, this.external), opts),
                name,
            );
        }
        if (plain.length > 0) {
            const data = Object.fromEntries(plain) as Record<string, pulumi.Input<string>>;
            const config = new ConfigMap(`${owner}-files`, { metadata, immutable: true, data }, opts);
            add(made, "config", config, config.metadata.name);
        }
        return made;
    }
}

function add(
    made: Made,
    source: Source,
    object: Secret | ConfigMap | CustomResource,
    name: pulumi.Input<string>,
): void {
    made.objects[source] = object;
    made.names[source] = name;
}

function isTemplate(content: FileSpec["content"]): content is SecretTemplate {
    return content instanceof SecretTemplate;
}

function sources(files: FileSpec[], made: Made, owner: string): core.v1.VolumeProjection[] {
    const keys = files.map((file) => posix.basename(file.path));
    const items = (source: Source) =>
        keys.filter((key) => sourceOf(key, made, owner) === source).map((key) => ({ key, path: key }));
    return (["secret", "external", "config"] as const).flatMap((source) => {
        const found = items(source);
        if (found.length === 0) return [];
        const projection = { name: nameOf(source, made), items: found };
        return [source === "config" ? { configMap: projection } : { secret: projection }];
    });
}

function sourceOf(key: string, made: Made, owner: string): Source {
    const source = made.keys.get(key);
    if (source === undefined) {
        throw new Error(`"${key}" is not among the files of "${owner}", which are made once for all that share them.`);
    }
    return source;
}

function nameOf(source: Source, made: Made): pulumi.Input<string> {
    return made.names[source]!;
}

/** A text as a Secret holds it. */
export function encoded(content: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.secret(pulumi.output(content).apply((text) => Buffer.from(text, "utf8").toString("base64")));
}

function entries(files: FileSpec[]): [string, FileSpec["content"]][] {
    return files
        .map((file): [string, FileSpec["content"]] => [posix.basename(file.path), file.content])
        .sort(([a], [b]) => compare(a, b));
}

function volumeName(directory: string): string {
    return `files-${slug(directory)}`;
}
