/** What no API would take, and where to put it. */
import fc from "fast-check";

import type { Manifest } from "./good";
import { UNKNOWN } from "./spec";

export const junk = fc.oneof(
    {
        weight: 4,
        arbitrary: fc.constantFrom(null, true, false, 0, -1, NaN, "", "yes", UNKNOWN, [], {}, [null], [[]], { a: 1 }),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown> },
    {
        weight: 1,
        arbitrary: fc.constantFrom("__proto__", "constructor", "toString", { __proto__: null }, { length: 5 }),
    },
);

/** Every place of a value, as the keys that lead to it. */
export function places(value: unknown, keys: string[] = []): string[][] {
    if (typeof value !== "object" || value === null) return [keys];
    return [keys, ...Object.entries(value).flatMap(([key, item]) => places(item, [...keys, key]))];
}

export function put(manifest: Manifest, keys: string[], value: unknown): void {
    let parent = manifest;
    for (const key of keys.slice(0, -1)) {
        parent = parent?.[key];
        if (typeof parent !== "object" || parent === null) return;
    }
    // Its own copy: the next change may be inside of it.
    parent[keys.at(-1)!] = structuredClone(value);
}
