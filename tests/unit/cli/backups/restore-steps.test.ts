import { describe, expect, it } from "vitest";

import { goOn, takeBack, underWay, type Flow } from "../../../../packages/cli/src/backups/restore-steps";
import type { Outcome, Task, Toolbox } from "../../../../packages/cli/src/backups/toolbox";

const PREPARE: Task = {
    ...{ run: "one", step: "prepare", store: "redis", args: ["restore", "redis", "--run", "one"] },
    ...{ swaps: true, stops: ["redis"] },
};
const UNDO: Task = { ...PREPARE, step: "undo", args: ["restore", "redis", "--undo", "--run", "one"], swaps: false };

/** What is on an engine, and what a `gw` that may be killed after any number of its requests does to it. */
class Engine {
    readonly tasks = new Map<Task["step"], Task>();
    readonly ended = new Set<Task["step"]>();
    /** In their order, and each only once it had an effect. */
    readonly did: string[] = [];
    running = true;
    swapped = false;
    private left = Infinity;

    constructor(private readonly exitCode: (step: Task["step"]) => number = () => 0) {}

    /** @param requests after which `gw` is killed */
    flow(requests = Infinity): Flow {
        this.left = requests;
        const toolbox: Toolbox = {
            stores: () => Promise.resolve([]),
            ask: () => Promise.resolve({ exitCode: 0, lines: [] }),
            begun: () => Promise.resolve([...this.tasks.values()]),
            begin: async (task) => {
                await this.request();
                this.tasks.set(task.step, task);
            },
            finish: (task) => this.finish(task),
            forget: async ({ step }) => {
                await this.request();
                this.tasks.delete(step);
            },
            stop: async () => {
                await this.request();
                this.running = false;
            },
            start: async () => {
                await this.request();
                this.running = true;
            },
        };
        return { toolbox, settle: () => Promise.resolve(), say: () => undefined, onLog: () => undefined };
    }

    private async finish({ step }: Task): Promise<Outcome> {
        await this.request();
        if (!this.tasks.has(step)) throw new Error(`${step} is not on the engine`);
        const exitCode = this.exitCode(step);
        if (exitCode !== 0) return { exitCode, lines: [], error: { message: `${step} failed` } };
        if (["swap", "undo"].includes(step) && this.running) throw new Error(`${step} under a running store`);
        if (!this.ended.has(step)) this.did.push(step);
        this.ended.add(step);
        if (step === "swap") this.swapped = true;
        if (step === "undo") this.swapped = false;
        return { exitCode, lines: [] };
    }

    private request(): Promise<void> {
        this.left -= 1;
        return this.left < 0 ? Promise.reject(new Error("killed")) : Promise.resolve();
    }
}

/** As `gw restore` begins it. */
async function restore(engine: Engine, requests?: number): Promise<void> {
    const flow = engine.flow(requests);
    await flow.toolbox.begin(PREPARE);
    await goOn(flow, [PREPARE]);
}

describe("a restore onto a volume", () => {
    it("is prepared while the store runs, and swapped in while it does not", async () => {
        const engine = new Engine();
        await restore(engine);
        expect(engine.did).toEqual(["prepare", "swap"]);
        expect(engine).toMatchObject({ running: true, swapped: true });
        expect([...engine.tasks]).toEqual([]);
    });

    it("goes on from wherever gw was killed, and does nothing twice", async () => {
        let requests = 1;
        for (; requests < 50; requests += 1) {
            const engine = new Engine();
            const first = await restore(engine, requests).then(
                () => "done",
                () => "killed",
            );
            const flow = engine.flow();
            const begun = await flow.toolbox.begun();
            await goOn(flow, begun);
            expect(engine.did, `after ${requests}`).toEqual(["prepare", "swap"]);
            expect(engine).toMatchObject({ running: true, swapped: true });
            expect([...engine.tasks]).toEqual([]);
            if (first === "done") break;
        }
        expect(requests).toBeGreaterThan(6);
    });

    it("is taken back from wherever gw was killed, and the way back goes on too", async () => {
        for (let requests = 1; requests < 9; requests += 1) {
            const engine = new Engine();
            await restore(engine, requests).catch(() => undefined);
            const begun = [...engine.tasks.values()];
            const half = engine.flow(requests);
            await half.toolbox
                .begin(UNDO)
                .then(() => takeBack(half, UNDO, begun))
                .catch(() => undefined);
            const flow = engine.flow();
            await goOn(flow, await flow.toolbox.begun());
            expect(engine, `after ${requests}`).toMatchObject({ running: true, swapped: false });
            expect([...engine.tasks]).toEqual([]);
        }
    });

    it("has the store run again when the swap fails, and says why", async () => {
        const engine = new Engine((step) => (step === "swap" ? 6 : 0));
        await expect(restore(engine)).rejects.toThrow("swap failed");
        expect(engine).toMatchObject({ running: true, swapped: false });
        expect([...engine.tasks]).toEqual([]);
    });

    it("stops nothing when it cannot be prepared", async () => {
        const engine = new Engine(() => 6);
        await expect(restore(engine)).rejects.toThrow("prepare failed");
        expect(engine.did).toEqual([]);
        expect([...engine.tasks]).toEqual([]);
    });
});

it("what restores have set aside is removed while the store runs, from wherever gw was killed", async () => {
    const clear: Task = { ...PREPARE, step: "clear", args: ["restore", "redis", "--clear"], swaps: false, stops: [] };
    for (const requests of [1, 2, 3, Infinity]) {
        const engine = new Engine();
        await engine.flow().toolbox.begin(clear);
        await goOn(engine.flow(requests), [clear]).catch(() => undefined);
        const flow = engine.flow();
        await goOn(flow, await flow.toolbox.begun());
        expect(engine.did).toEqual(["clear"]);
        expect(engine).toMatchObject({ running: true, swapped: false });
        expect([...engine.tasks]).toEqual([]);
    }
});

it("one restore at a time: another store's is refused while one is under way, and says how to go on", async () => {
    const engine = new Engine();
    const { toolbox } = engine.flow();
    await toolbox.begin(PREPARE);
    expect(await underWay(toolbox, "redis", "")).toEqual([PREPARE]);
    await expect(underWay(toolbox, "postgres", " --stack prod")).rejects.toMatchObject({
        message: "A restore of redis was begun and is not finished.",
        hint: expect.stringContaining("gw restore redis --stack prod --undo") as string,
    });
});
