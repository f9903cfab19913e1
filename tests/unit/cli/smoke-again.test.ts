import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FailedError } from "../../../packages/cli/src/errors";
import type { Outcome } from "../../../packages/cli/src/smoke/check";
import { untilNoneFails } from "../../../packages/cli/src/smoke/smoke-test";

// Waiting takes no time here, and the clock says that it did.
vi.mock("node:timers/promises", () => ({
    setTimeout: (ms: number) => Promise.resolve(vi.setSystemTime(Date.now() + ms)),
}));

const health = (status: Outcome["status"]): Outcome => ({ name: "health", status, milliseconds: 1, detail: status });

/** Rounds of a check that fails so many times before it passes. */
function failing(times: number) {
    return vi.fn((_isFirst: boolean) => Promise.resolve([health(times-- > 0 ? "failed" : "passed")]));
}

async function outcomesOf(...args: Parameters<typeof untilNoneFails>): Promise<Outcome["status"][]> {
    return (await untilNoneFails(...args)).map(({ status }) => status);
}

describe("checks of a smoke test", () => {
    beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
    afterEach(() => vi.useRealTimers());

    it("are made once when none fails", async () => {
        const round = failing(0);
        expect(await outcomesOf(round, {})).toEqual(["passed"]);
        expect(round.mock.calls).toEqual([[true]]);
    });

    it("are made again until none fails, and say why", async () => {
        const round = failing(2);
        const again = vi.fn();
        expect(await outcomesOf(round, { again })).toEqual(["passed"]);
        expect(round.mock.calls).toEqual([[true], [false], [false]]);
        expect(again.mock.calls).toEqual([["health: failed"], ["health: failed"]]);
    });

    it("fail when time is up, which is never passed by a wait", async () => {
        const began = Date.now();
        const round = failing(Number.POSITIVE_INFINITY);
        expect(await outcomesOf(round, { wait: 5 })).toEqual(["failed"]);
        expect(round).toHaveBeenCalledTimes(3);
        expect(Date.now() - began).toBe(4_000);
    });

    it("are made again after a round that could not be made, and say why that one could not when time is up", async () => {
        const cannot = () => Promise.reject(new FailedError("No pod of the edge is ready."));
        const round = vi.fn(failing(0)).mockImplementationOnce(cannot);
        const again = vi.fn();
        expect(await outcomesOf(round, { again })).toEqual(["passed"]);
        expect(again.mock.calls).toEqual([["No pod of the edge is ready."]]);
        await expect(outcomesOf(cannot, {})).rejects.toThrow("No pod of the edge is ready.");
    });

    it("are not made again after an error that no time mends", async () => {
        const round = vi.fn(() => Promise.reject(new TypeError("a fault of the program")));
        await expect(outcomesOf(round, {})).rejects.toThrow(TypeError);
        expect(round).toHaveBeenCalledTimes(1);
    });

    it("are made once where there is no time for more", async () => {
        const round = failing(1);
        const again = vi.fn();
        expect(await outcomesOf(round, { wait: 0, again })).toEqual(["failed"]);
        expect(round).toHaveBeenCalledTimes(1);
        expect(again).not.toHaveBeenCalled();
    });

    it("are not made again for one that is skipped", async () => {
        const round = vi.fn(() => Promise.resolve([health("skipped")]));
        expect(await outcomesOf(round, {})).toEqual(["skipped"]);
        expect(round).toHaveBeenCalledTimes(1);
    });
});
