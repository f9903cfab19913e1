/** Cost per resource as stacks grow, with a provider that takes no time: what is left is the engine and the program. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expectCode, finished, ROOT } from "../../e2e/support/sandbox";
import { type Bench, median, type Row, row } from "../row";
import { OPERATIONS, type Scale } from "./scale-process";

const SIZES = [100, 1_000, 10_000];
/** Small stacks are measured more often, since start-up weighs more in them. */
const RUNS: Record<number, number> = { 100: 3, 1_000: 3, 10_000: 1 };

export const scaleBench: Bench = {
    id: "engine.scale",
    async run(say) {
        const taken = new Map<number, Scale[]>();
        for (const size of SIZES) {
            const runs: Scale[] = [];
            for (let n = 0; n < RUNS[size]!; n++) runs.push(await scale(size));
            taken.set(size, runs);
            say(`  ${size}: ${JSON.stringify(runs.at(-1))}`);
        }
        return [...OPERATIONS.flatMap((operation) => costs(taken, operation)), ...memory(taken)];
    },
};

/**
 * Milliseconds a resource. Starting the program costs every run the same; the run of 100 stands for it, so that the others show what each
 * further resource costs.
 */
function costs(taken: Map<number, Scale[]>, operation: (typeof OPERATIONS)[number]): Row[] {
    const runs = (size: number): number[] => taken.get(size)!.map(({ seconds }) => seconds[operation]);
    const start = median(runs(100));
    const each = (size: number): number[] => runs(size).map((s) => ((s - start) / (size - 100)) * 1000);
    const id = (size: number): string => `engine.scale.${size}.${operation}`;
    return [
        row(id(100), "s", runs(100), { note: "with start-up, which the other sizes are given without" }),
        row(id(1_000), "ms/resource", each(1_000)),
        row(id(10_000), "ms/resource", each(10_000), {
            against: { what: "of 1000", runs: each(1_000) },
            aim: { of: "ratio", most: 1.3 },
            note: `${median(runs(10_000)).toFixed(1)} s in all`,
        }),
    ];
}

function memory(taken: Map<number, Scale[]>): Row[] {
    return SIZES.map((size) => {
        const peaks = taken.get(size)!.map(({ peakMiB }) => peakMiB);
        const note = "peak of the engine's process over all operations, with the simulated provider's world in it";
        return row(`engine.scale.${size}.memory`, "MiB", peaks, { aim: { of: "value", most: 1024 }, note });
    });
}

async function scale(size: number): Promise<Scale> {
    const stateDir = mkdtempSync(join(tmpdir(), "groundwork-bench-"));
    try {
        const args = ["--import", "tsx", join(__dirname, "scale-process.ts"), String(size), stateDir];
        const result = await finished(spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] }));
        expectCode(result, 0);
        return JSON.parse(result.stdout) as Scale;
    } finally {
        rmSync(stateDir, { recursive: true, force: true });
    }
}
