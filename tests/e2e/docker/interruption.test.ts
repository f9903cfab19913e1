/**
 * The engine is killed (SIGKILL) at 100 random moments of `up` and `destroy` against a real Docker engine. Whatever the moment, the state
 * can be read and the next run converges, with nothing twice and nothing left over.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { localImageRef } from "../../../images/local";
import { build } from "../../../packages/bundle/bundle.cjs";
import { createEmbeddedEngine, type EngineOptions } from "../../../packages/engine/src";
import { ENGINE, expectCode, finished, type Result, ROOT } from "../support/sandbox";
import { containersOf, docker, missingDocker, needsDocker, NOTHING, remains, sweep } from "./support/docker";

const STACK = "e2e-interrupted";
const MOMENTS = 100;

describe(`SIGKILL of the ${ENGINE}, on Docker`, () => {
    needsDocker();
    const stateDir = mkdtempSync(join(tmpdir(), "groundwork-interrupted-"));
    let image = "";
    /** The engine and the program as they are in `gw`: one file each. */
    let engine = "";
    let bundle = "";

    const options = (config: Record<string, string> = {}): EngineOptions => ({
        projectDir: join(ROOT, "tests/fixtures/programs/small"),
        stateDir,
        stack: STACK,
        bundle,
        passphrase: "test",
        config: Object.fromEntries(
            Object.entries({ image, ...config }).map(([key, value]) => [`small:${key}`, { value, secret: false }]),
        ),
    });
    const start = (operation: "up" | "destroy", config?: Record<string, string>): ChildProcess =>
        spawn(process.execPath, [engine, operation, JSON.stringify(options(config))], {
            cwd: ROOT,
            stdio: ["ignore", "pipe", "pipe"],
        });
    const complete = (operation: "up" | "destroy", config?: Record<string, string>): Promise<Result> =>
        finished(start(operation, config));

    /** How long an undisturbed run takes, in seconds, as of the last one that there was: a machine is not always as fast. */
    const lasts = { up: 0, destroy: 0 };

    /** Runs and kills at a random moment; true when that came before the end. */
    const killed = async (operation: "up" | "destroy", config: Record<string, string>): Promise<boolean> => {
        const child = start(operation, config);
        const done = finished(child);
        const timer = setTimeout(() => child.kill("SIGKILL"), Math.random() * lasts[operation] * 1000);
        const result = await done;
        clearTimeout(timer);
        if (result.code === 137 || child.signalCode === "SIGKILL") return true;
        lasts[operation] = result.seconds;
        return false;
    };

    /** Processes that have held the stack, the present one among them. */
    const holders = (): number[] =>
        readdirSync(stateDir)
            .filter((name) => name.startsWith(`.${STACK}.lock.`))
            .map(
                (name) => JSON.parse(readFileSync(join(stateDir, name), "utf8")) as { pid: number; released?: boolean },
            )
            .filter(({ released }) => !released)
            .map(({ pid }) => pid);

    const expectWhole = async (): Promise<void> => {
        const containers = await containersOf(STACK);
        const running = containers
            .filter((each) => each.state === "running")
            .map((each) => each.name.replace(/-[0-9a-f]{7}$/, ""));
        expect(running.sort()).toEqual(
            ["app-1", "app-2", "app-3", "store-1", "store-2"].map((name) => `gw-${STACK}-${name}`),
        );
        expect(containers).toHaveLength(5);
        const { networks, volumes } = await remains(STACK);
        expect(networks).toEqual([`gw-${STACK}-net`]);
        expect(volumes.sort()).toEqual([`gw-${STACK}-data-1`, `gw-${STACK}-data-2`]);
        const state = await createEmbeddedEngine(options()).exportState();
        const urns = state.deployment.resources.map((each) => each.urn);
        expect(new Set(urns).size).toBe(urns.length);
        expect(state.deployment.pending_operations ?? []).toEqual([]);
    };

    beforeAll(async () => {
        if (await missingDocker()) return;
        await sweep(STACK);
        const asOneFile = async (cacheName: string, entry: string): Promise<string> =>
            (await build({ entry, cacheName, launcher: __filename })).bundle;
        engine = await asOneFile("engine-process", join(__dirname, "support/engine-process.ts"));
        bundle = await asOneFile("small-program", join(ROOT, "tests/fixtures/programs/small/index.ts"));
        // One that has a shell's commands: there are images of a single program beside it.
        image = (await docker.getImage(localImageRef("base")).inspect()).Id;
    }, 600_000);
    afterAll(async () => {
        if (!(await missingDocker())) await sweep(STACK);
        rmSync(stateDir, { recursive: true, force: true });
    }, 600_000);

    it(
        `converges after each of ${MOMENTS} random moments of up and destroy: no duplicate, no orphan, no unreadable state`,
        { timeout: 5_400_000 },
        async () => {
            const up = await complete("up");
            expectCode(up, 0);
            await expectWhole();
            const down = await complete("destroy");
            expectCode(down, 0);
            Object.assign(lasts, { up: up.seconds, destroy: down.seconds });
            expect(await remains(STACK)).toEqual(NOTHING);
            let interrupted = 0;
            for (let moment = 1; interrupted < MOMENTS; moment += 1) {
                if (moment > MOMENTS * 3) throw new Error(`only ${interrupted} of ${moment} kills came before the end`);
                // A new revision replaces the apps when they are there, so that replacement is interrupted too.
                const config = { revision: String(moment) };
                if (await killed("up", config)) interrupted += 1;
                if (moment % 2 === 0) {
                    expectCode(await complete("up", config), 0);
                    await expectWhole();
                    continue;
                }
                if (await killed("destroy", config)) interrupted += 1;
                expectCode(await complete("destroy", config), 0);
                expect(await remains(STACK)).toEqual(NOTHING);
            }
            console.log(
                `${interrupted} runs killed; an undisturbed up took ${up.seconds.toFixed(1)} s, a destroy ${down.seconds.toFixed(1)} s`,
            );
        },
    );

    it("lets one run in at a time: the second says who holds the lock and exits 4", { timeout: 600_000 }, async () => {
        const first = start("up");
        const done = finished(first);
        await expect.poll(() => holders(), { timeout: 300_000, interval: 5 }).toContain(first.pid);
        // It stays where it is, so that the second one meets it however fast it is.
        first.kill("SIGSTOP");
        const second = await complete("up");
        first.kill("SIGCONT");
        expect(second.code).toBe(4);
        expect(second.stderr).toContain(`process ${first.pid}`);
        expectCode(await done, 0);
        await expectWhole();
    });

    it("deletes nothing when the program throws", { timeout: 600_000 }, async () => {
        expectCode(await complete("up"), 0);
        const before = await containersOf(STACK);
        const result = await complete("up", { throw: "true" });
        expectCode(result, 1);
        expect(result.stderr).toContain("the program gives up");
        expect(await containersOf(STACK)).toEqual(before);
        expectCode(await complete("destroy"), 0);
        expect(await remains(STACK)).toEqual(NOTHING);
    });
});
