/** Reads property paths as rules write them. */

const PART = /\.?([\w$-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gy;

/** `spec.containers[0]["a.b"]` as its keys. */
export function keysOf(path: string): (string | number)[] {
    return [...path.matchAll(PART)].map(([, key, index, quoted]) => {
        if (index !== undefined) return Number(index);
        return quoted !== undefined ? (JSON.parse(quoted) as string) : key!;
    });
}
