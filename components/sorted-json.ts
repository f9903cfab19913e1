/**
 * JSON with the keys of every map in order: equal meaning, equal text.
 * @param indent spaces a level; 0: all on one line
 */
export function sortedJson(value: unknown, indent = 2): string {
    return JSON.stringify(
        value,
        (_key, each: unknown) =>
            typeof each === "object" && each !== null && !Array.isArray(each)
                ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
                : each,
        indent,
    );
}
