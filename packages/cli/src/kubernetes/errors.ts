/** What the Kubernetes API answers when something goes wrong, as the client throws it. */

/** The status of an answer; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
    const { code } = error as { code?: unknown };
    return typeof code === "number" ? code : undefined;
}

export function isNotFound(error: unknown): boolean {
    return statusOf(error) === 404;
}

/** This user may not see it. */
export function isForbidden(error: unknown): boolean {
    return statusOf(error) === 403;
}

/** A namespace gets its service account a moment after it is made, and has no pods before. */
export function isPremature(error: unknown): boolean {
    return isForbidden(error) && /error looking up service account/.test(sayingOf(error));
}

/** What the API server says, rather than the whole exchange, which is what the client puts into its message. */
export function sayingOf(error: unknown): string {
    const { body, message } = error as { body?: unknown; message?: string };
    const said: unknown = typeof body === "string" ? parsed(body) : body;
    const text = (said as { message?: unknown } | undefined)?.message;
    if (typeof text === "string" && text !== "") return text;
    return (message ?? String(error)).split("\n")[0]!;
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}

/** Why there was no answer, for people; undefined when there was one. */
export function noAnswer(error: unknown): string | undefined {
    if (statusOf(error) !== undefined) return undefined;
    const { code, message, name } = rootOf(error);
    switch (code) {
        case "ECONNREFUSED":
            return "nothing listens there";
        case "ENOTFOUND":
        case "EAI_AGAIN":
            return "its host name does not resolve";
        case "EHOSTUNREACH":
        case "ENETUNREACH":
            return "there is no way to it from here";
        case "ETIMEDOUT":
            return "it did not answer in time";
        default:
            return isLate(name) ? "it did not answer in time" : message.split("\n")[0]!;
    }
}

/** Codes of connections that break, or that a server which starts anew does not take yet. */
const BROKEN = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ERR_STREAM_PREMATURE_CLOSE"]);

/** There was no answer, and there may be one in a moment. */
export function isBroken(error: unknown): boolean {
    const { code, name } = rootOf(error);
    return BROKEN.has(code ?? "") || isLate(name);
}

function isLate(name: string): boolean {
    return name === "AbortError" || name === "TimeoutError";
}

/** The innermost cause that says more than that something failed. */
function rootOf(error: unknown): Error & { code?: string } {
    const given = error as Error & { code?: string; cause?: unknown; errors?: unknown[] };
    const inner = given.errors?.[0] ?? given.cause;
    return inner instanceof Error ? rootOf(inner) : given;
}

/** Undefined: there is no such thing. */
export async function found<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
        return await ask();
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}
