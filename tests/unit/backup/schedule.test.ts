import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { runSchedule } from "../../../packages/backup/src/schedule/loop";
import { toolboxOf } from "./toolbox";

const until = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve(), { once: true });
    });

describe("a scheduler", () => {
    const config = () => ({ ...toolboxOf(["projects"]), metrics: { port: 0 } });

    test("that cannot go on ends what ships the log, and says why", { timeout: 20_000 }, async () => {
        const settings = config();
        mkdirSync(settings.stateDirectory);
        writeFileSync(join(settings.stateDirectory, "history.json"), "not JSON");
        let ended = false;
        const companion = (signal: AbortSignal) => until(signal).then(() => void (ended = true));
        await expect(runSchedule(settings, new AbortController().signal, [companion])).rejects.toThrow(SyntaxError);
        expect(ended).toBe(true);
    });

    test("that is stopped ends what ships the log", { timeout: 20_000 }, async () => {
        const stop = new AbortController();
        const running = runSchedule(config(), stop.signal, [until]);
        stop.abort();
        await running;
    });
});
