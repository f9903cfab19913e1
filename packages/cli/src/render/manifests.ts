/** From the resources of a state to the objects that are written. Pure. */
import type { ResourceState } from "@groundwork/engine/api";

import { LABEL_PREFIX } from "../../../../targets/kubernetes/labels";
import { compare } from "../../../../targets/order";
import { UsageError } from "../errors";
import { parseUrn } from "../ui/urn";
import { rankOf } from "./kinds";
import { MARKER } from "./providers";
import { bySortedKeys } from "./sorted";
import { opened } from "./values";
import { wavesOf } from "./waves";

export interface Manifest {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string; annotations?: Record<string, string>; [more: string]: unknown };
    [more: string]: unknown;
}

/** A Secret whose values somebody else fills in. */
export interface UnfilledSecret {
    name: string;
    namespace: string;
    /** By key: what it is made of, with `__NAME__` in the place of each generated secret; undefined: it is a value of its own. */
    keys: Record<string, string | undefined>;
}

export interface Manifests {
    objects: Manifest[];
    unfilled: UnfilledSecret[];
}

const KEYS_ANNOTATION = `${LABEL_PREFIX}keys`;

/** What Pulumi's own provider reads. */
const PULUMI_ANNOTATION = "pulumi.com/";

/** Argo CD and Flux leave what holds data where it is, as Pulumi does with what it protects. */
const KEEP: Record<string, string> = {
    "argocd.argoproj.io/sync-options": "Delete=false,Prune=false",
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
};

/** Argo CD's, of what is applied together. */
const WAVE_ANNOTATION = "argocd.argoproj.io/sync-wave";

interface ManifestOptions {
    /** False: Secrets are without values, to be filled in by somebody else. */
    withSecrets: boolean;
    /** Values that the stack's file gives, which are never shown. */
    given: string[];
}

/**
 * @param resources of a state that was exported with its secrets in plaintext
 * @throws UsageError when something else than a Secret holds a secret, which then would be written with it
 */
export function manifestsOf(resources: ResourceState[], { withSecrets, given }: ManifestOptions): Manifests {
    const unfilled: UnfilledSecret[] = [];
    const waves = wavesOf(resources);
    const objects = resources
        .filter((resource) => resource.type.startsWith("kubernetes:"))
        .map((resource) => {
            const secrets: string[] = [];
            const inputs = opened(resource.inputs ?? {}, (path) => secrets.push(path)) as Manifest;
            const object = withAnnotations(inputs, { [WAVE_ANNOTATION]: String(waves.get(resource.urn)) });
            if (object.kind === "Secret" && !withSecrets) return withoutValues(object, unfilled, given);
            if (secrets.length > 0 && object.kind !== "Secret" && !withSecrets) throw leak(resource, secrets);
            return keptIf(resource.protect === true, withoutReplicas(resource, object));
        })
        .map((object) => bySortedKeys(withoutPulumi(object)) as Manifest)
        .sort(
            (a, b) =>
                rankOf(a.kind) - rankOf(b.kind) || compare(a.kind, b.kind) || compare(a.metadata.name, b.metadata.name),
        );
    return { objects, unfilled: unfilled.sort((a, b) => compare(a.name, b.name)) };
}

/** `07-secret-api-secrets.yaml`; two objects of a kind have two names, or are in two namespaces. */
export function fileName(object: Manifest): string {
    return `${String(rankOf(object.kind)).padStart(2, "0")}-${object.kind.toLowerCase()}-${object.metadata.name}.yaml`;
}

/** It stays changeable, and what is applied says nothing of its values, so that nobody who applies it again takes them away. */
function withoutValues(secret: Manifest, unfilled: UnfilledSecret[], given: string[]): Manifest {
    const { data = {}, stringData = {}, immutable: _final, ...rest } = secret as Manifest & Texts;
    const decoded = Object.entries(data).map(
        ([key, text]) => [key, Buffer.from(text, "base64").toString("utf8")] as const,
    );
    const all = [...decoded, ...Object.entries(stringData)].sort(([a], [b]) => compare(a, b));
    const keys = Object.fromEntries(all.map(([key, text]) => [key, templateOf(text, given)]));
    unfilled.push({ name: secret.metadata.name, namespace: secret.metadata.namespace ?? "default", keys });
    return withAnnotations(rest as Manifest, { [KEYS_ANNOTATION]: Object.keys(keys).join(",") });
}

type Texts = Record<"data" | "stringData", Record<string, string> | undefined>;

/** Shown only where all that is secret in it is a marker. */
function templateOf(text: string, given: string[]): string | undefined {
    const shows = given.some((value) => text.includes(value) || text.includes(encodeURIComponent(value)));
    return MARKER.test(text) && !shows ? text : undefined;
}

/** Where an autoscaler decides on it: who applies the manifest again would undo that. */
function withoutReplicas({ ignoreChanges = [] }: ResourceState, object: Manifest): Manifest {
    if (!ignoreChanges.includes("spec.replicas")) return object;
    const { replicas: _scaled, ...spec } = object.spec as Record<string, unknown>;
    return { ...object, spec };
}

function keptIf(kept: boolean, object: Manifest): Manifest {
    return kept ? withAnnotations(object, KEEP) : object;
}

function withAnnotations(object: Manifest, annotations: Record<string, string>): Manifest {
    const { metadata } = object;
    return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } } };
}

function withoutPulumi(object: Manifest): Manifest {
    const { annotations, ...metadata } = object.metadata;
    const own = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith(PULUMI_ANNOTATION));
    return { ...object, metadata: { ...metadata, ...(own.length > 0 && { annotations: Object.fromEntries(own) }) } };
}

function leak({ urn }: ResourceState, paths: string[]): UsageError {
    const { name, shortType } = parseUrn(urn);
    return new UsageError(
        `${name} (${shortType}) holds a secret that is no Secret's: ${paths.join(", ")}. Nothing was written.`,
        "Render it with --with-secrets, and keep the files as you keep secrets.",
    );
}
