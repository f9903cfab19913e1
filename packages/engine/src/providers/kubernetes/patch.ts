/** Server-side apply: the request, and what is said when somebody else holds a field. */
import { isWithin, parsePath, type PathPart } from "../../paths";
import type { PropertyMap, PropertyValue, ProviderContext } from "../../provider";
import { isMap } from "../schema/types";
import type { Connection } from "./connection";
import type { Resource } from "./discovery";
import { isConflict, type ApiError, type StatusCause } from "./errors";
import { annotation, metadataOf, OWNER_ANNOTATION, type KubeObject } from "./object";
import { toServer } from "./state";

const PATCH_FORCE = "pulumi.com/patchForce";

export interface Apply {
    connection: Connection;
    ctx: ProviderContext;
    resource: Resource;
    inputs: PropertyMap;
    manager: string;
    /** Take fields from other managers. */
    force?: boolean;
    /** Change nothing; the answer is what would be. */
    dryRun?: boolean;
    /** Let the object name its resource; default: true. */
    owned?: boolean;
}

export function isForced(inputs: PropertyMap): boolean {
    return annotation(inputs, PATCH_FORCE) === "true";
}

/** The object as it is applied. */
function requestOf({ ctx, resource, inputs, owned = true }: Apply): PropertyMap {
    const { status: _, ...object } = toServer(inputs);
    const { namespace, ...metadata } = metadataOf(object);
    const annotations = isMap(metadata.annotations) ? metadata.annotations : {};
    return {
        ...withoutNulls(object),
        metadata: {
            ...metadata,
            ...(resource.namespaced && namespace ? { namespace } : {}),
            ...(owned ? { annotations: { ...annotations, [OWNER_ANNOTATION]: ctx.urn } } : {}),
        },
    };
}

/** Properties that are null were not given. */
function withoutNulls(object: PropertyMap): PropertyMap {
    return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/**
 * Fields that the program leaves to others (`ignoreChanges`) and that others hold are left out.
 * @throws ApiError, with code 409 when another manager holds a field
 */
export async function apply(request: Apply): Promise<KubeObject> {
    const body = requestOf(request);
    try {
        return await send(request, body);
    } catch (error) {
        const left = isConflict(error) ? withoutIgnored(body, (error as ApiError).causes, request.ctx) : undefined;
        if (!left) throw error;
        return send(request, left);
    }
}

function send(
    { connection, ctx, resource, inputs, manager, force, dryRun }: Apply,
    body: PropertyMap,
): Promise<KubeObject> {
    const { name, namespace } = metadataOf(inputs) as { name: string; namespace?: string };
    return connection.send<KubeObject>({
        method: "PATCH",
        path: resource.path({ name, namespace }),
        query: {
            fieldManager: manager,
            fieldValidation: "Strict",
            force: String((force ?? false) || isForced(inputs)),
            dryRun: dryRun ? "All" : undefined,
        },
        contentType: "application/apply-patch+yaml",
        body,
        signal: ctx.signal,
    });
}

/** Undefined: a field is in conflict that the program does not leave to others. */
function withoutIgnored(body: PropertyMap, causes: StatusCause[], ctx: ProviderContext): PropertyMap | undefined {
    const ignored = (ctx.ignoreChanges ?? []).map(parsePath);
    const paths = causes.map(({ field = "" }) =>
        ignored.find((path) =>
            isWithin(
                withoutIndices(field),
                path.filter((part) => typeof part === "string"),
            ),
        ),
    );
    if (paths.length === 0 || paths.includes(undefined)) return undefined;
    return paths.reduce<PropertyValue>((object, path) => removed(object, path!), body) as PropertyMap;
}

/** `.spec.containers[name="a"].image` as `spec`, `containers`, `image`. */
function withoutIndices(field: string): string[] {
    return field
        .replace(/\[[^\]]*\]/g, "")
        .split(".")
        .filter((part) => part !== "");
}

function removed(value: PropertyValue, [part, ...rest]: PathPart[]): PropertyValue {
    if (Array.isArray(value)) return value.map((item, i) => (part === "*" || part === i ? removed(item, rest) : item));
    if (!isMap(value) || part === undefined || !(String(part) in value)) return value;
    const { [String(part)]: inner, ...others } = value;
    return rest.length === 0 ? others : { ...others, [String(part)]: removed(inner!, rest) };
}

/** The other managers and their fields, of an apply that was refused for them. */
export function conflictText({ causes, message }: ApiError): string {
    const byManager = new Map<string, string[]>();
    for (const { message: text = "", field = "" } of causes) {
        const manager = /conflict with "([^"]*)"/.exec(text)?.[1] ?? "another manager";
        byManager.set(manager, [...(byManager.get(manager) ?? []), field]);
    }
    if (byManager.size === 0) return message;
    const held = [...byManager].map(([manager, fields]) => `"${manager}" holds ${fields.join(", ")}`).join("; ");
    return (
        `others have changed what the program asks for: ${held}. Leave these fields out of the program or name them in ignoreChanges, ` +
        `or take them back once with the annotation ${PATCH_FORCE}: "true".`
    );
}
