/** Config values between the text that Pulumi keeps of each and what it stands for. */

/** Maps and lists are JSON text in Pulumi's config; other text stays what it is, also where it only begins like JSON. */
export function fromText(text: string): unknown {
    if (!/^[[{]/.test(text)) return text;
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return text;
    }
}

export function toText(value: unknown): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}

export function isMap(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
