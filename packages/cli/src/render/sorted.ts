/** A copy with every map's keys in order, by code unit: it depends on no machine's locale. */
export function bySortedKeys(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(bySortedKeys);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
    return Object.fromEntries(
        entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, bySortedKeys(item)]),
    );
}
