/**
 * Reads properties as they were written: nothing about them is certain. What is absent reads as empty; what has another type than it must
 * have throws `MalformedError`, which becomes a violation of the rule that read it. So a rule never passes what it could not read.
 */

/** A map of a resource's properties. Every value may be anything. */
export type Raw = Readonly<Record<string, unknown>>;

const NOTHING: Raw = Object.freeze({});
const NONE: readonly unknown[] = Object.freeze([]);

/** A property has a type that it must not have. */
export class MalformedError extends Error {
    constructor(
        /** Where, from what was read: `securityContext.capabilities`. */
        readonly path: string,
        /** `a map`, `a list` … */
        expected: string,
        found: unknown,
        /** What was read. */
        readonly from?: object,
    ) {
        super(`must be ${expected}, and is ${article(found)}`);
        this.name = "MalformedError";
    }
}

const PLACES = new WeakMap<object, string>();

/** Notes where in its resource a map is, so that an error of reading it says so. */
export function placed<T extends object>(raw: T, path: string): T {
    if (raw !== NOTHING) PLACES.set(raw, path);
    return raw;
}

export function placeOf(raw: object | undefined): string | undefined {
    return raw && PLACES.get(raw);
}

function article(value: unknown): string {
    if (Array.isArray(value)) return "a list";
    if (value === null) return "null";
    return typeof value === "object" ? "a map" : `a ${typeof value}`;
}

export function isRaw(value: unknown): value is Raw {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of keys; undefined where it is absent or null. @throws MalformedError where a value on the way is no map */
export function valueAt(from: Raw, ...keys: string[]): unknown {
    let value: unknown = from;
    for (let n = 0; n < keys.length; n++) {
        if (value === undefined || value === null) return undefined;
        if (!isRaw(value)) throw new MalformedError(keys.slice(0, n).join("."), "a map", value, from);
        // A key that an object inherits (constructor, __proto__) is nobody's property.
        value = Object.hasOwn(value, keys[n]!) ? value[keys[n]!] : undefined;
    }
    return value ?? undefined;
}

function typedAt<T>(from: Raw, keys: string[], expected: string, is: (value: unknown) => value is T): T | undefined {
    const value = valueAt(from, ...keys);
    if (value === undefined) return undefined;
    if (!is(value)) throw new MalformedError(keys.join("."), expected, value, from);
    return value;
}

/** The map at a path; an empty one where it is absent. */
export function mapAt(from: Raw, ...keys: string[]): Raw {
    return typedAt(from, keys, "a map", isRaw) ?? NOTHING;
}

/** The list at a path; an empty one where it is absent. */
export function listAt(from: Raw, ...keys: string[]): readonly unknown[] {
    return typedAt(from, keys, "a list", (value): value is unknown[] => Array.isArray(value)) ?? NONE;
}

export function textAt(from: Raw, ...keys: string[]): string | undefined {
    return typedAt(from, keys, "a string", (value): value is string => typeof value === "string");
}

export function flagAt(from: Raw, ...keys: string[]): boolean | undefined {
    return typedAt(from, keys, "true or false", (value): value is boolean => typeof value === "boolean");
}

export function numberAt(from: Raw, ...keys: string[]): number | undefined {
    return typedAt(from, keys, "a number", (value): value is number => typeof value === "number");
}

/** Whether there is anything at the path, unknown or not. */
export function hasAt(from: Raw, ...keys: string[]): boolean {
    const last = keys.at(-1)!;
    const parent = keys.length === 1 ? from : mapAt(from, ...keys.slice(0, -1));
    const own = Object.getOwnPropertyDescriptor(parent, last);
    return own !== undefined && own.value !== undefined && own.value !== null;
}

/** What a list holds must be maps. @param path of the item, for the error */
export function asMap(item: unknown, path: string): Raw {
    if (!isRaw(item)) throw new MalformedError(path, "a map", item);
    return item;
}

export function asText(item: unknown, path: string): string {
    if (typeof item !== "string") throw new MalformedError(path, "a string", item);
    return item;
}

/** Joins the parts of a property path, of which any may be empty: `spec.containers[0]`. */
export function join(...parts: string[]): string {
    let path = "";
    for (const part of parts) {
        if (part === "") continue;
        path += path === "" || part.startsWith("[") ? part : `.${part}`;
    }
    return path;
}

/** A key in a property path: quoted where it has dots in it, as labels have. */
export function keyIn(key: string): string {
    return /^[\w-]+$/.test(key) ? key : `[${JSON.stringify(key)}]`;
}
