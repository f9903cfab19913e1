import { UNKNOWN, type DiffResult, type PropertyMap, type PropertyValue } from "../../provider";
import { isAbsent, isMap, ownKeys, type Fields, type Property } from "./types";

type Change = DiffResult["detailed"][string];

/**
 * Compares what the program asks for with what there is (the outputs of the last run or refresh). A zero value equals an absent one,
 * sets have no order, and what the engine fills in by itself is no change.
 */
export function diffResource(
    fields: Fields,
    olds: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
): DiffResult {
    const detailed: DiffResult["detailed"] = {};
    const replaces: string[] = [];
    for (const [key, property] of Object.entries(fields)) {
        if (property.refused !== undefined) continue;
        const changes = diffProperty(property, key, olds.inputs[key], olds.outputs[key], news[key]);
        if (changes.length === 0) continue;
        for (const [path, change] of changes) detailed[path] = change;
        const before = canonical(property, olds.outputs[key]);
        const after = canonical(property, news[key]);
        if (typeof property.replaces === "function" ? property.replaces(before, after) : property.replaces)
            replaces.push(key);
    }
    return { changed: Object.keys(detailed).length > 0, replaces, deleteBeforeReplace: false, detailed };
}

/** Whether two values of a property mean the same. */
export function equivalent(property: Property, a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
    return satisfies(property, canonical(property, a), canonical(property, b));
}

function diffProperty(
    property: Property,
    key: string,
    oldInput: PropertyValue | undefined,
    oldOutput: PropertyValue | undefined,
    newInput: PropertyValue | undefined,
): [string, Change][] {
    const before = canonical(property, oldOutput);
    const after = canonical(property, newInput);
    // Where the engine fills in, an empty value asks for just that; `false` is an answer.
    const given = !isAbsent(newInput) && !(property.computed && after === undefined && newInput !== false);
    if (!given) {
        const wasGiven = canonical(property, oldInput) !== undefined;
        if (before === undefined || (property.computed && !wasGiven)) return [];
        return [[key, "delete"]];
    }
    if (satisfies(property, before, after)) return [];
    // A zero value that is there, such as `false`, is updated rather than added or deleted.
    if (typeof oldOutput !== "object" && typeof newInput !== "object" && oldOutput !== undefined)
        return [[key, "update"]];
    return describe(property, key, before, after);
}

/** The paths that differ, as the preview shows them. Sets are shown as a whole: their elements have no place. */
function describe(
    property: Property,
    path: string,
    before: PropertyValue | undefined,
    after: PropertyValue | undefined,
): [string, Change][] {
    if (satisfies(property, before, after)) return [];
    if (before === undefined) return [[path, "add"]];
    if (after === undefined) return [[path, "delete"]];
    if (property.kind === "object" && isMap(before) && isMap(after))
        return Object.entries(property.fields!).flatMap(([key, field]) =>
            field.computed && after[key] === undefined
                ? []
                : describe(field, `${path}.${key}`, before[key], after[key]),
        );
    if (property.kind === "map" && isMap(before) && isMap(after))
        return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
            describe({ kind: "any" }, mapPath(path, key), before[key], after[key]),
        );
    if (property.kind === "list" && Array.isArray(before) && Array.isArray(after))
        return Array.from({ length: Math.max(before.length, after.length) }, (_, i) =>
            describe(property.of!, `${path}[${i}]`, before[i], after[i]),
        ).flat();
    return [[path, "update"]];
}

/** Does what there is satisfy what is asked for? Both canonical. */
function satisfies(property: Property, before: PropertyValue | undefined, after: PropertyValue | undefined): boolean {
    if (after === UNKNOWN) return false;
    if (before === undefined || after === undefined) return before === after;
    if (property.kind === "object" && isMap(before) && isMap(after))
        return Object.entries(property.fields!).every(
            ([key, field]) => (field.computed && after[key] === undefined) || satisfies(field, before[key], after[key]),
        );
    if (property.kind === "list" && Array.isArray(before) && Array.isArray(after))
        return before.length === after.length && after.every((item, i) => satisfies(property.of!, before[i], item));
    if (property.kind === "set" && Array.isArray(before) && Array.isArray(after)) {
        const left = [...before];
        return (
            before.length === after.length &&
            after.every((item) => {
                const found = left.findIndex((candidate) => satisfies(property.of!, candidate, item));
                if (found >= 0) left.splice(found, 1);
                return found >= 0;
            })
        );
    }
    return stable(before) === stable(after);
}

/** Drops what means the same as nothing, and normalises the rest. */
function canonical(property: Property, value: PropertyValue | undefined): PropertyValue | undefined {
    if (isAbsent(value)) return undefined;
    if (value === UNKNOWN) return value;
    if (property.kind === "object" && isMap(value)) {
        const result: PropertyMap = {};
        for (const [key, field] of Object.entries(property.fields!)) {
            const item = canonical(field, value[key] ?? field.default);
            if (item !== undefined) result[key] = item;
        }
        return Object.keys(result).length === 0 ? undefined : result;
    }
    if ((property.kind === "list" || property.kind === "set") && Array.isArray(value)) {
        if (value.length === 0) return undefined;
        // An empty element has a place of its own: the command ["sh", "-c", ""] has three.
        return value.map((item) => canonical(property.of!, item) ?? (isMap(item) ? {} : ""));
    }
    if (isMap(value)) {
        const keys = ownKeys(value);
        return keys.length === 0 ? undefined : Object.fromEntries(keys.sort().map((key) => [key, value[key]!]));
    }
    const normal = property.same ? property.same(value) : value;
    return normal === "" || normal === 0 || normal === false ? undefined : normal;
}

/** JSON with sorted keys. */
export function stable(value: PropertyValue | undefined): string {
    return JSON.stringify(value, (_key, item: unknown) =>
        isMap(item as PropertyValue)
            ? Object.fromEntries(Object.entries(item as object).sort(([a], [b]) => (a < b ? -1 : 1)))
            : item,
    );
}

function mapPath(path: string, key: string): string {
    return /^[A-Za-z_][\w-]*$/.test(key) ? `${path}.${key}` : `${path}["${key.replace(/["\\]/g, "\\$&")}"]`;
}
