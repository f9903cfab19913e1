/** A check and its outcome. */
export interface Outcome {
    name: string;
    status: "passed" | "failed" | "skipped";
    milliseconds: number;
    /** What was seen; why it failed; why it was skipped. */
    detail: string;
}

export interface Check {
    name: string;
    /** @returns what was seen @throws Error that says what is wrong, or `Skip` */
    run: () => Promise<string>;
}

/** Thrown by a check that has nothing to say about this stack. */
export class Skip extends Error {}

export async function runCheck(check: Check): Promise<Outcome> {
    const start = performance.now();
    const ended = (status: Outcome["status"], detail: string): Outcome => ({
        name: check.name,
        status,
        milliseconds: Math.round(performance.now() - start),
        detail,
    });
    try {
        return ended("passed", await check.run());
    } catch (error) {
        if (error instanceof Skip) return ended("skipped", error.message);
        return ended("failed", error instanceof Error ? error.message : String(error));
    }
}

/** Where `actual` is not what `expected` names, as `path: is X, not Y`; undefined when all of it is there. */
export function mismatch(expected: unknown, actual: unknown, path = ""): string | undefined {
    if (typeof expected !== "object" || expected === null) {
        return Object.is(expected, actual)
            ? undefined
            : `${path || "it"} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
    }
    if (typeof actual !== "object" || actual === null) {
        return `${path || "it"} is ${JSON.stringify(actual)}, not ${Array.isArray(expected) ? "a list" : "a map"}`;
    }
    for (const [key, value] of Object.entries(expected)) {
        const found = mismatch(value, (actual as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`);
        if (found !== undefined) return found;
    }
    return undefined;
}
