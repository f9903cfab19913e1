/** What a variable's value must look like. A rule says what is wrong without repeating the value, which may be a secret. */
export type Rule = (value: string) => string | undefined;

/** Standard base64 of exactly so many bytes. */
export function base64(bytes: number): Rule {
    return (value) => {
        const decoded = Buffer.from(value, "base64");
        if (decoded.toString("base64") !== value) return `must be standard base64 of ${bytes} bytes`;
        return decoded.length === bytes ? undefined : `must be base64 of ${bytes} bytes, not of ${decoded.length}`;
    };
}

export function minLength(length: number): Rule {
    return (value) =>
        value.length >= length ? undefined : `must have at least ${length} characters, not ${value.length}`;
}

export function integer(min: number, max: number): Rule {
    return (value) => {
        const number = Number(value);
        if (Number.isInteger(number) && number >= min && number <= max) return undefined;
        return `must be a whole number from ${min} to ${max}`;
    };
}

export function decimal(min: number, max: number): Rule {
    return (value) => {
        const number = value.trim() === "" ? NaN : Number(value);
        return number >= min && number <= max ? undefined : `must be a number from ${min} to ${max}`;
    };
}

/** A URL with one of these schemes, e.g. `postgresql`. */
export function url(...schemes: string[]): Rule {
    return (value) => {
        const parsed = URL.canParse(value) ? new URL(value) : undefined;
        if (parsed && schemes.includes(parsed.protocol.slice(0, -1))) return undefined;
        return `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`;
    };
}

const SSL_MODES = ["disable", "require", "verify-full"];

/** A Postgres connection string; its `sslmode`, if any, is one that the driver can do. */
export const postgresUrl: Rule = (value) => {
    const problem = url("postgresql", "postgres")(value);
    if (problem !== undefined) return problem;
    const mode = new URL(value).searchParams.get("sslmode");
    return mode === null || SSL_MODES.includes(mode) ? undefined : `must have an sslmode of ${SSL_MODES.join(", ")}`;
};

/** Comma-separated origins. */
export const origins: Rule = (value) => {
    const wrong = value.split(",").some((part) => url("http", "https")(part.trim()) !== undefined);
    return wrong ? "must be origins such as https://example.com, separated by commas" : undefined;
};

export function oneOf(...values: string[]): Rule {
    return (value) => (values.includes(value) ? undefined : `must be one of ${values.join(", ")}`);
}

export const flag = oneOf("true", "false", "1", "0");

export const logLevel = oneOf("debug", "info", "warn", "error");
