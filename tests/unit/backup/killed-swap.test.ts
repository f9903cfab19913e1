import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { buildSync } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";

import { ASIDE, Exchange } from "../../../packages/backup/src/stores/volume/exchange";
import { temporary } from "../../temporary";

const OLD = { a: "old a", b: "old b" };
const NEW = { b: "new b", c: "new c" };
/** More than a swap or an undo has; one that needs fewer ends by itself. */
const MOST_STEPS = 40;

const contentOf = (volume: string) =>
    Object.fromEntries(
        readdirSync(volume)
            .filter((name) => name !== ASIDE)
            .map((name) => [name, readFileSync(join(volume, name), "utf8")]),
    );

function staged(): string {
    const volume = temporary("killed-swap");
    for (const [name, text] of Object.entries(OLD)) writeFileSync(join(volume, name), text);
    const exchange = new Exchange(volume, "one");
    const incoming = exchange.prepare();
    for (const [name, text] of Object.entries(NEW)) writeFileSync(join(incoming, name), text);
    exchange.stage();
    return volume;
}

let bundle: string;

/** @returns whether it was killed before it came to its end */
function killedAt(volume: string, action: "swap" | "undo", step: number): boolean {
    const { signal, status, stderr } = spawnSync(process.execPath, [bundle, volume, action, String(step)], {
        encoding: "utf8",
    });
    if (signal === null && status !== 0) throw new Error(stderr);
    return signal === "SIGKILL";
}

describe("a swap that is killed at any of its steps", () => {
    beforeAll(() => {
        bundle = join(temporary("swap-process"), "swap.cjs");
        const entryPoints = [join(__dirname, "../../fixtures/backup/swap-process.ts")];
        buildSync({ entryPoints, bundle: true, platform: "node", format: "cjs", outfile: bundle });
    });

    test.each([
        ["swap", OLD, NEW],
        ["undo", NEW, OLD],
    ] as const)("%s: nothing is lost, and the same command brings it to its end", (action, before, after) => {
        let step = 0;
        for (; step < MOST_STEPS; step += 1) {
            const volume = staged();
            if (action === "undo") new Exchange(volume, "one").swap();
            expect(contentOf(volume)).toEqual(before);
            const killed = killedAt(volume, action, step);
            const exchange = new Exchange(volume, "one");
            if (action === "swap") exchange.swap();
            else exchange.undo("one-undone");
            expect(contentOf(volume), `after step ${step}`).toEqual(after);
            // What was replaced is whole as well: the other way round it comes back.
            if (action === "swap") expect(contentOf((exchange.undo("back"), volume))).toEqual(before);
            if (!killed) break;
        }
        expect(step).toBeGreaterThan(8);
        expect(step).toBeLessThan(MOST_STEPS);
    });
});
