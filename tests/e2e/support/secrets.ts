/** Every text of twelve characters or more that a state keeps encrypted. @param state exported with `--show-secrets` */
export function secretsIn(state: unknown): string[] {
    const found = new Set<string>();
    collect(state, found);
    return [...found];
}

function collect(value: unknown, found: Set<string>): void {
    if (Array.isArray(value)) value.forEach((each) => collect(each, found));
    if (value === null || typeof value !== "object" || Array.isArray(value)) return;
    const { plaintext } = value as { plaintext?: unknown };
    if (typeof plaintext !== "string") return Object.values(value).forEach((each) => collect(each, found));
    for (const leaf of leaves(JSON.parse(plaintext))) if (leaf.length >= 12) found.add(leaf);
}

function leaves(value: unknown): string[] {
    if (typeof value === "string") return [value];
    return value !== null && typeof value === "object" ? Object.values(value).flatMap(leaves) : [];
}
