/** Who owns which fields of an object, as the API server keeps it for server-side apply. */
import type { PropertyMap, PropertyValue } from "../../provider";
import { isMap } from "../schema/types";
import type { Connection } from "./connection";
import type { Resource } from "./discovery";
import { isConflict } from "./errors";
import type { KubeObject, ManagedFields } from "./object";

/** Names under which the real provider makes objects before its first server-side apply of them, and what stands for times before that. */
const TAKEN_OVER = new Set([
    "pulumi-kubernetes",
    "pulumi-kubernetes.exe",
    "pulumi-resource-kubernetes",
    "before-first-apply",
]);

/** Tries, where others change the object at the same time. */
const TRIES = 3;

function isTakenOver({ manager, operation, subresource }: ManagedFields): boolean {
    return operation === "Update" && !subresource && TAKEN_OVER.has(manager);
}

/** Fields of this object are held by an earlier way of managing the same resource. */
export function hasEarlierManager(live: KubeObject): boolean {
    return (live.metadata.managedFields ?? []).some(isTakenOver);
}

/** Gives a field manager what earlier ways of managing the same resource hold, so that it can change and remove it. */
export async function takeOver(
    connection: Connection,
    resource: Resource,
    live: KubeObject,
    manager: string,
    signal: AbortSignal,
): Promise<KubeObject> {
    let now = live;
    for (let attempt = 1; ; attempt++) {
        if (!hasEarlierManager(now)) return now;
        try {
            return await connection.send<KubeObject>({
                method: "PATCH",
                path: resource.path(now.metadata),
                contentType: "application/json-patch+json",
                body: [
                    { op: "replace", path: "/metadata/managedFields", value: merged(now, manager) },
                    // Refused when somebody has changed the object in the meantime.
                    { op: "replace", path: "/metadata/resourceVersion", value: now.metadata.resourceVersion },
                ],
                signal,
            });
        } catch (error) {
            if (!isConflict(error) || attempt === TRIES) throw error;
            now = (await connection.get(resource, now.metadata, signal)) ?? now;
        }
    }
}

/** The managers of an object, with the earlier ones' fields as the given one's. */
export function merged(live: KubeObject, manager: string): ManagedFields[] {
    const all = live.metadata.managedFields ?? [];
    const isOwn = (each: ManagedFields): boolean =>
        each.manager === manager && each.operation === "Apply" && !each.subresource;
    const sources = all.filter((each) => isTakenOver(each) || isOwn(each));
    const own: ManagedFields = {
        ...sources.find(isOwn),
        manager,
        operation: "Apply",
        apiVersion: live.apiVersion,
        fieldsType: "FieldsV1",
        fieldsV1: sources.reduce<PropertyMap>((fields, { fieldsV1 }) => union(fields, fieldsV1 ?? {}), {}),
    };
    return [...all.filter((each) => !sources.includes(each)), own];
}

function union(a: PropertyMap, b: PropertyMap): PropertyMap {
    const result: PropertyMap = { ...a };
    for (const [key, value] of Object.entries(b)) result[key] = both(result[key], value);
    return result;
}

function both(a: PropertyValue | undefined, b: PropertyValue): PropertyValue {
    return isMap(a) && isMap(b) ? union(a, b) : b;
}
