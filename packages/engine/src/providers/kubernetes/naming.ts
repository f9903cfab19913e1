/** Names of objects, and the manager that owns their fields. */
import { createHash } from "node:crypto";

import { UNKNOWN, type PropertyMap } from "../../provider";
import { isAbsent, isMap } from "../schema/types";
import { annotation, AUTONAMED, metadataOf } from "./object";

/** Hex digits of an automatic name, as the real provider's. */
const RANDOM_DIGITS = 8;

const FIELD_MANAGER = "pulumi.com/patchFieldManager";

/** Metadata with a name: the program's, else that of the last run, else `<logical name>-<8 hex>` from the seed. */
export function named(
    logicalName: string,
    olds: PropertyMap | undefined,
    metadata: PropertyMap,
    seed: Buffer,
): PropertyMap {
    if (!isAbsent(metadata.name) && metadata.name !== "") return metadata;
    const before = olds && metadataOf(olds).name;
    const kept = olds !== undefined && isAutonamed(olds) && typeof before === "string";
    // Its own name was taken away from a resource: it is replaced, and only then named anew.
    if (olds !== undefined && !kept) return metadata;
    const random = createHash("sha256").update(seed).digest("hex").slice(0, RANDOM_DIGITS);
    const name = kept ? before : `${logicalName}-${random}`;
    if (metadata.annotations === UNKNOWN) return { ...metadata, name };
    const annotations = isMap(metadata.annotations) ? metadata.annotations : {};
    return { ...metadata, name, annotations: { ...annotations, [AUTONAMED]: "true" } };
}

export function isAutonamed(inputs: PropertyMap): boolean {
    return annotation(inputs, AUTONAMED) === "true";
}

/** Role names are free; all others are DNS names. */
export function nameProblem(name: string, group: string): string | undefined {
    if (group === "rbac.authorization.k8s.io") return undefined;
    if (name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) return undefined;
    return `"${name}" is no name for a Kubernetes object: lower-case letters, digits, "-" and "." only, with a letter or digit at both ends, 253 at most`;
}

/** The field manager of a resource: what the program says, else what is recorded, else one that its URN always gives. */
export function fieldManagerOf(urn: string, inputs: PropertyMap, outputs: PropertyMap | undefined): string {
    const recorded = outputs?.__fieldManager;
    const random = createHash("sha256").update(urn).digest("hex").slice(0, RANDOM_DIGITS);
    return (
        annotation(inputs, FIELD_MANAGER) ??
        (typeof recorded === "string" && recorded !== "" ? recorded : `pulumi-kubernetes-${random}`)
    );
}
