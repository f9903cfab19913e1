/** What is recorded of an object, in the form of the real provider: the object as it is, and the inputs that it was made from. */
import type { PropertyMap, PropertyValue } from "../../provider";
import { isMap } from "../schema/types";
import { OWNER_ANNOTATION, type KubeObject } from "./object";

/** Names that a program cannot write as they are. */
const DASHED =
    /^x-kubernetes-(embedded-resource|int-or-string|list-map-keys|list-type|map-type|preserve-unknown-fields|validations)$/;
const UNDERSCORED =
    /^x_kubernetes_(embedded_resource|int_or_string|list_map_keys|list_type|map_type|preserve_unknown_fields|validations)$/;

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** What of an object nobody asks for: the server's own. */
const SERVER_METADATA = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid", "selfLink"];
const SERVER_ANNOTATIONS = ["deployment.kubernetes.io/revision", LAST_APPLIED];

/** Keys as the API server has them. */
export function toServer(value: PropertyMap): PropertyMap {
    return renamed(value, (key) => (UNDERSCORED.test(key) ? key.replaceAll("_", "-") : key)) as PropertyMap;
}

/** Keys as programs and states have them. */
function fromServer(live: KubeObject): PropertyMap {
    return renamed(live as unknown as PropertyMap, (key) =>
        DASHED.test(key) ? key.replaceAll("-", "_") : key,
    ) as PropertyMap;
}

function renamed(value: PropertyValue, rename: (key: string) => string): PropertyValue {
    if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
    if (!isMap(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [rename(key), renamed(item, rename)]));
}

export function outputsOf(
    live: KubeObject,
    inputs: PropertyMap,
    recorded: { initialApiVersion: string; fieldManager: string },
): PropertyMap {
    return {
        ...withoutAnnotations(fromServer(live), [OWNER_ANNOTATION, ...(live.kind === "Secret" ? [LAST_APPLIED] : [])]),
        __inputs: inputs,
        __initialApiVersion: recorded.initialApiVersion,
        __fieldManager: recorded.fieldManager,
    };
}

/**
 * What an object is of what was asked for: the inputs that a refresh records.
 * @param olds undefined or nameless: everything that could be an input
 */
export function inputsOf(live: KubeObject, olds: PropertyMap | undefined): PropertyMap {
    const object = fromServer(live);
    if (olds && isMap(olds.metadata) && olds.metadata.name !== undefined) return pruned(object, olds);
    const { status: _, metadata, ...rest } = withoutAnnotations(object, [OWNER_ANNOTATION, ...SERVER_ANNOTATIONS]);
    const own = Object.entries(metadata as PropertyMap).filter(([key]) => !SERVER_METADATA.includes(key));
    return { ...rest, metadata: Object.fromEntries(own) };
}

/** The part of `source` that `shape` has too. */
function pruned(source: PropertyMap, shape: PropertyMap): PropertyMap {
    return Object.fromEntries(
        Object.entries(source)
            .filter(([key]) => shape[key] !== undefined)
            .map(([key, value]) => [key, prunedValue(value, shape[key]!)]),
    );
}

function prunedValue(value: PropertyValue, shape: PropertyValue): PropertyValue {
    if (isMap(value) && isMap(shape)) return pruned(value, shape);
    if (!Array.isArray(value) || !Array.isArray(shape)) return value;
    // Others may add elements, such as injected containers; those are not this resource's.
    return value.slice(0, shape.length).map((item, i) => prunedValue(item, shape[i]!));
}

/** Without some annotations; without the map of them when it would be empty. */
export function withoutAnnotations(object: PropertyMap, keys: readonly string[]): PropertyMap {
    if (!isMap(object.metadata) || !isMap(object.metadata.annotations)) return object;
    const kept = Object.entries(object.metadata.annotations).filter(([key]) => !keys.includes(key));
    const { annotations, ...metadata } = object.metadata;
    if (kept.length === Object.keys(annotations).length) return object;
    return {
        ...object,
        metadata: kept.length === 0 ? metadata : { ...metadata, annotations: Object.fromEntries(kept) },
    };
}
