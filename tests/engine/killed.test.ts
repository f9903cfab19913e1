import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { killedProgram, killedStack } from "../fixtures/engine/killed-run";
import { temporaryDir } from "../fixtures/engine/harness";

const RUN = join(__dirname, "../fixtures/engine/killed-run.ts");
const ITERATIONS = 15;
const NAMES = ["base", "bound", "loose", "replaced", "steady", "updated"];

/** Starts a run and kills it `delayMs` after its state is on disk for the first time, or lets it end. */
async function killedAfter(command: string, dir: string, version: number, delayMs: number): Promise<boolean> {
    const child = spawn(process.execPath, ["--require", "tsx/cjs", RUN, command, dir, String(version)], {
        stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    const ended = new Promise((resolve) => child.on("close", resolve));
    const journal = join(dir, "dev.journal");
    while (child.exitCode === null && !existsSync(journal) && !output.includes("done"))
        await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    child.kill("SIGKILL");
    await ended;
    return !output.includes("done");
}

it(
    `killed at ${ITERATIONS} random moments, the next run converges each time: no duplicate, no orphan, nothing pending`,
    { timeout: 900_000 },
    async () => {
        const dir = temporaryDir();
        let killed = 0;
        for (let i = 0; killed < ITERATIONS; i++) {
            // One that ended by itself proves nothing; a machine may be too slow to kill some in time, but not most.
            expect(i).toBeLessThan(ITERATIONS * 6);
            const destroy = i % 4 === 3;
            if (await killedAfter(destroy ? "destroy" : "up", dir, i, Math.random() * 60)) killed++;
            const next = killedStack(dir, 0);
            // The next run wants what the killed one wanted, or something else.
            const version = i % 2 === 0 ? i : i + 7;
            if (i % 5 === 4) {
                await next.destroy();
                expect(next.names).toEqual([]);
                expect(next.state.resources ?? []).toEqual([]);
                continue;
            }
            await next.up(killedProgram(version));
            expect(next.names).toEqual([...NAMES, `only-in-${version % 2}`].sort());
            expect(next.provider.world.all().every(({ whole }) => whole)).toBe(true);
            expect(next.state.pending_operations).toEqual([]);
            const urns = next.state.resources!.map(({ urn }) => urn);
            expect(new Set(urns).size).toBe(urns.length);
            expect(next.state.resources!.filter((r) => r.delete || r.pendingReplacement)).toEqual([]);
            for (const { id, owner } of next.provider.world.all()) expect(next.find(owner)!.id).toBe(id);
            expect((await next.up(killedProgram(version))).changes).toEqual({ same: NAMES.length + 3 });
        }
    },
);
