import { EventEmitter } from "node:events";

import { describe, expect, it, vi } from "vitest";

import { CancelledError, StepsFailedError } from "../../../packages/engine/src/api";
import { watched } from "../../../packages/cli/src/runs/watch";
import type { Run } from "../../../packages/cli/src/engines/engine";
import { onInterrupt } from "../../../packages/cli/src/interrupt";
import type { Output } from "../../../packages/cli/src/ui/output";
import { PLAIN } from "../../../packages/cli/src/ui/style";
import { done, pre, urnOf } from "./events";

function listening(lastResortMs = 20) {
    const source = new EventEmitter();
    const said: string[] = [];
    const exit = vi.fn();
    const interrupts = onInterrupt((text) => said.push(text), exit, source, lastResortMs);
    return { source, said, exit, interrupts };
}

describe("Ctrl-C", () => {
    it("once asks the engine to finish what runs", () => {
        const { source, said, exit, interrupts } = listening();
        source.emit("SIGINT");
        expect([interrupts.signal.aborted, interrupts.terminate.aborted]).toEqual([true, false]);
        expect(said).toEqual([expect.stringContaining("running steps are finished and saved")]);
        expect(exit).not.toHaveBeenCalled();
        interrupts.dispose();
    });

    it("twice asks it to stop at once, and ends the process when it does not", async () => {
        const { source, exit, interrupts } = listening();
        source.emit("SIGINT");
        source.emit("SIGTERM");
        expect(interrupts.terminate.aborted).toBe(true);
        expect(exit).not.toHaveBeenCalled();
        await expect.poll(() => exit.mock.calls.length).toBe(1);
        interrupts.dispose();
    });

    it("three times ends the process there and then", () => {
        const { source, exit, interrupts } = listening(60_000);
        for (let i = 0; i < 3; i++) source.emit("SIGINT");
        expect(exit).toHaveBeenCalledOnce();
        interrupts.dispose();
    });

    it("does what it always does once the run is over", () => {
        const { source, interrupts } = listening();
        interrupts.dispose();
        expect(source.listenerCount("SIGINT") + source.listenerCount("SIGTERM") + source.listenerCount("SIGHUP")).toBe(
            0,
        );
    });
});

describe("a run with an engine that can be interrupted", () => {
    function output(lines: string[]): Output {
        const push = (...more: string[]): void => void lines.push(...more);
        return {
            style: PLAIN,
            columns: 80,
            live: false,
            interactive: false,
            json: false,
            verbose: false,
            progressStream: { write: () => true },
            print: push,
            printJson: () => undefined,
            progress: push,
            note: push,
        };
    }

    /** Creates one thing, and two when nobody stops it. */
    async function engine(run: Run): Promise<string> {
        run.onEvent?.(pre("create", "first"));
        process.emit("SIGINT");
        await Promise.resolve();
        run.onEvent?.(done("create", "first"));
        if (run.signal?.aborted) throw new CancelledError();
        run.onEvent?.(pre("create", "second"));
        return "done";
    }

    it("finishes the running step, starts no other, and says so", async () => {
        const lines: string[] = [];
        const before = process.listenerCount("SIGINT");
        await expect(watched(output(lines), engine)).rejects.toThrow(CancelledError);
        const text = lines.join("\n");
        expect(text).toMatch(/\+ first docker:Container creating/);
        expect(text).toMatch(/Stopping: running steps are finished/);
        expect(text).toMatch(/\+ first docker:Container created \(\d+\.\d s\)/);
        expect(text).not.toContain("second");
        expect(process.listenerCount("SIGINT")).toBe(before);
    });

    it("says of failed steps which they are, why, and what to do next", async () => {
        const urn = urnOf("gw-dev-api-0");
        const failing = () =>
            Promise.reject(new StepsFailedError([{ urn, message: "is unhealthy\nLast log lines:\n  boom" }]));
        await expect(watched(output([]), failing, { next: "run it again" })).rejects.toMatchObject({
            name: "FailedError",
            message:
                "1 step failed.\n  gw-dev-api-0 (docker:Container)\n    is unhealthy\n    Last log lines:\n      boom",
            hint: "run it again",
        });
    });

    it("tells how a waiting resource goes, but not all the time", async () => {
        const lines: string[] = [];
        const { result } = await watched(output(lines), async (run) => {
            run.onEvent?.(pre("create", "first"));
            run.onEvent?.(done("create", "first"));
            return Promise.resolve("done");
        });
        expect(result).toBe("done");
        expect(lines).toHaveLength(2);
        expect(lines[0]).toMatch(/^00:0\d\.\d \+ first docker:Container creating$/);
    });
});
