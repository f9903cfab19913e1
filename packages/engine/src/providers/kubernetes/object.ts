/** Objects as the API server speaks of them. */
import { UNKNOWN, type PropertyMap, type PropertyValue } from "../../provider";
import { isMap } from "../schema/types";

export interface Metadata {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    finalizers?: string[];
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { uid: string; kind: string; name: string; controller?: boolean }[];
    managedFields?: ManagedFields[];
}

export interface ManagedFields {
    manager: string;
    operation: "Apply" | "Update";
    subresource?: string;
    apiVersion?: string;
    time?: string;
    fieldsType?: string;
    fieldsV1?: PropertyMap;
}

/** An object of any kind, as the API server gives it. */
export interface KubeObject {
    apiVersion: string;
    kind: string;
    metadata: Metadata;
    spec?: PropertyMap;
    status?: PropertyMap;
    [key: string]: unknown;
}

/** Names the resource on each object that this engine makes: what carries it may be taken for this resource's after an interruption. */
export const OWNER_ANNOTATION = "dev.groundwork/urn";

export const AUTONAMED = "pulumi.com/autonamed";

/** `metadata` of inputs; empty where there is none, or where it is not known yet. */
export function metadataOf(inputs: PropertyMap): PropertyMap {
    return isMap(inputs.metadata) ? inputs.metadata : {};
}

/** An annotation of inputs or of an object. @returns undefined when it is not there or not known yet */
export function annotation(object: PropertyMap, key: string): string | undefined {
    const { annotations } = metadataOf(object);
    const value = isMap(annotations) ? annotations[key] : undefined;
    return typeof value === "string" && value !== UNKNOWN ? value : undefined;
}

/** The text at a path within an object, e.g. a phase. */
export function at(object: unknown, ...path: string[]): PropertyValue | undefined {
    let value = object as PropertyValue | undefined;
    for (const key of path) value = isMap(value) ? value[key] : undefined;
    return value;
}

/** `<namespace>/<name>`, or the name alone where there is no namespace; the ID of a resource. */
export function idOf(metadata: { name: string; namespace?: string }): string {
    return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}

export function parseId(id: string): { name: string; namespace?: string } {
    const [first = "", second] = id.split("/");
    return second === undefined ? { name: first } : { namespace: first, name: second };
}

/** For people: `Deployment prod/api`. */
export function show(kind: string, id: string): string {
    return `${kind} ${id}`;
}

/** The kubectl command line for an object, e.g. `kubectl delete deployment api -n prod`. */
export function kubectl(verb: string, kind: string, metadata: { name: string; namespace?: string }): string {
    const namespace = metadata.namespace ? ` -n ${metadata.namespace}` : "";
    return `kubectl ${verb} ${kind.toLowerCase()} ${metadata.name}${namespace}`;
}
