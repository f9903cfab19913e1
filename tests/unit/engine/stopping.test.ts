import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { CancelledError } from "../../../packages/engine/src";
import { unlessTerminated, type Run } from "../../../packages/engine/src/run";

const unheard: unknown[] = [];
const hear = (reason: unknown): void => void unheard.push(reason);

beforeEach(() => void process.on("unhandledRejection", hear));
afterEach(() => {
    process.off("unhandledRejection", hear);
    unheard.length = 0;
});

/** What a provider was asked to do, which notices late that it is to stop. */
async function failingLate(): Promise<never> {
    await sleep(5);
    throw new Error("stopped");
}

describe("a run that stops at once", () => {
    it.each(["before", "while"])("%s an action goes on ends without what that comes to", async (when) => {
        const stop = new AbortController();
        const run = { terminate: stop.signal } as Run;
        if (when === "before") stop.abort();
        const stopped = unlessTerminated(run, failingLate());
        stop.abort();
        await expect(stopped).rejects.toBeInstanceOf(CancelledError);
        await sleep(20);
        // Node would end the process for it, before the state is saved.
        expect(unheard).toEqual([]);
    });
});
