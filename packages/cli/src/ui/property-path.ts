/** Reads a value by a property path as in `detailedDiff`: `a.b[0]["x.y"]`. */
export function parsePropertyPath(path: string): (string | number)[] {
    const parts: (string | number)[] = [];
    const token = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/gy;
    while (token.lastIndex < path.length) {
        const at = token.lastIndex;
        const match = token.exec(path);
        if (!match) {
            // Not a path that we know: take the rest as one name rather than lose it.
            parts.push(path.slice(at));
            break;
        }
        if (match[1] !== undefined) parts.push(match[1]);
        else if (match[2] !== undefined) parts.push(Number(match[2]));
        else parts.push(match[3]!.replace(/\\(.)/g, "$1"));
    }
    return parts;
}

export function valueAt(root: unknown, path: string): unknown {
    let value = root;
    for (const part of parsePropertyPath(path)) {
        if (typeof value !== "object" || value === null) return undefined;
        value = (value as Record<string | number, unknown>)[part];
    }
    return value;
}
