/** Property paths as Pulumi writes them: `a.b[0]["c.d"]`, `*` for any key or index. */
import { isObject, isSecret, secret } from "./properties";
import type { PropertyMap, PropertyValue } from "./provider";

export type PathPart = string | number;

const PART = /\.?([^.[\]"]+)|\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** @throws Error naming the path when it is malformed */
export function parsePath(path: string): PathPart[] {
    const parts: PathPart[] = [];
    PART.lastIndex = 0;
    while (PART.lastIndex < path.length) {
        const match = PART.exec(path);
        if (!match) throw new Error(`Malformed property path "${path}". Write it like a.b[0]["c.d"].`);
        const [, name, index, quoted] = match;
        if (index !== undefined) parts.push(index === "*" ? "*" : Number(index));
        else parts.push(name ?? quoted!.replace(/\\(.)/g, "$1"));
    }
    return parts;
}

/** True if `path` is at `prefix` or below it. */
export function isWithin(path: PathPart[], prefix: PathPart[]): boolean {
    return prefix.length <= path.length && prefix.every((part, i) => part === "*" || String(part) === String(path[i]));
}

/** First part, to name a top-level property. */
export function topLevel(path: string): string {
    return String(parsePath(path)[0] ?? path);
}

/** A copy of `news` in which the value at each of `paths` is what it is in `olds`; what is not there in `olds` is removed. */
export function resetPaths(olds: PropertyMap, news: PropertyMap, paths: readonly string[]): PropertyMap {
    let result: PropertyValue = news;
    for (const path of paths) result = reset(olds, result, parsePath(path));
    return result as PropertyMap;
}

function reset(old: PropertyValue | undefined, value: PropertyValue, path: PathPart[]): PropertyValue {
    const [part, ...rest] = path;
    const from = isSecret(old) ? old.value : old;
    if (part === undefined) return old ?? value;
    if (isSecret(value)) return secret(reset(from, value.value, path));
    if (Array.isArray(value)) {
        const source = Array.isArray(from) ? from : [];
        return value.map((v, i) =>
            (part === "*" || Number(part) === i) && i < source.length ? reset(source[i], v, rest) : v,
        );
    }
    if (!isObject(value)) return value;
    const source = isObject(from) ? from : {};
    const result = { ...value };
    for (const key of part === "*" ? new Set([...Object.keys(value), ...Object.keys(source)]) : [String(part)]) {
        if (rest.length === 0) {
            if (key in source) result[key] = source[key]!;
            else delete result[key];
        } else if (key in value) {
            result[key] = reset(source[key], value[key]!, rest);
        }
    }
    return result;
}
