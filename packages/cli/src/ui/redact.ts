/** Pulumi's marks in property values, and how people see them. */

/** Key that marks a special value, and its value for a secret: https://www.pulumi.com/docs/iac/concepts/secrets/ */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** What stands for a value that is known only after the run. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const HIDDEN = "[secret]";

export function isSecret(value: unknown): boolean {
    return typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET;
}

/** A copy with every secret, encrypted or not, replaced by `[secret]`, and every unknown by `[unknown]`. */
export function redact(value: unknown): unknown {
    if (value === UNKNOWN) return "[unknown]";
    if (Array.isArray(value)) return value.map(redact);
    if (typeof value !== "object" || value === null) return value;
    if (isSecret(value)) return HIDDEN;
    // The bridge's own note of which inputs were defaults.
    const entries = Object.entries(value).filter(([key]) => key !== "__defaults");
    return Object.fromEntries(entries.map(([key, item]) => [key, redact(item)]));
}
