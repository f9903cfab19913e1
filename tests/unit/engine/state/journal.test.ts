import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { secret } from "../../../../packages/engine/src/properties";
import { parseJournal } from "../../../../packages/engine/src/state/journal";
import { StateStore, type Row, type State } from "../../../../packages/engine/src/state/store";
import { failure, PASSPHRASE, SALT, temporaryDir } from "../../../fixtures/engine/harness";

const state = (name: string, size = 0, more: Partial<State> = {}): State => ({
    urn: `urn:pulumi:dev::test::a:b:C::${name}`,
    type: "a:b:C",
    custom: true,
    id: name,
    inputs: { size, token: secret(`secret of ${name}`) },
    ...more,
});

const options = (dir: string) => ({ dir, stack: "dev", passphrase: PASSPHRASE, salt: SALT });
const shown = (store: StateStore): string[] =>
    store.ordered().map(({ state: s }) => `${s.id}=${String(s.inputs!["size"])}${s.delete ? "!" : ""}`);
/** Leaves the journal on disk as a run does that is killed. */
async function killed(store: StateStore): Promise<void> {
    await flushed(store);
    await store["journal"].close();
}
/** Waits until the journal is on disk. */
const flushed = async (store: StateStore): Promise<void> => void (await store.begin("reading", state("flush")));

type Action = { do: "put" | "change" | "drop"; which: number; size: number };
const actions = fc.array(
    fc.record({
        do: fc.constantFrom("put", "change", "drop"),
        which: fc.nat(20),
        size: fc.nat(99),
    }) as fc.Arbitrary<Action>,
    {
        maxLength: 12,
    },
);

function act(store: StateStore, { do: what, which, size }: Action): void {
    const rows = [...store.rows.values()];
    const row = rows[which % Math.max(1, rows.length)];
    if (what === "put") store.commit({ put: [{ state: state(`r${size}`, size) }] });
    else if (row && what === "drop") store.commit({ drop: [row] });
    else if (row)
        store.commit({
            put: [
                { row, state: { ...row.state, inputs: { ...row.state.inputs, size } } },
                { state: state(`n${size}`, size) },
            ],
        });
}

describe("a journal", () => {
    it("that is cut off anywhere gives the state after one of the run's commits", async () => {
        await fc.assert(
            fc.asyncProperty(
                actions,
                actions,
                fc.double({ min: 0, max: 1, noNaN: true }),
                async (before, during, cut) => {
                    const dir = temporaryDir();
                    const first = await StateStore.open(options(dir));
                    for (const action of before) act(first, action);
                    await first.close();

                    const run = await StateStore.open(options(dir));
                    const possible = [shown(run)];
                    for (const action of during) {
                        act(run, action);
                        possible.push(shown(run));
                    }
                    await killed(run);
                    const path = join(dir, "dev.journal");
                    const length = readFileSync(path).length;
                    truncateSync(path, Math.floor(length * cut));

                    const next = await StateStore.open(options(dir));
                    // Rows that a store and its reload number differently are the same set in dependency order.
                    expect(possible.map((rows) => rows.toSorted())).toContainEqual(shown(next).toSorted());
                    if (cut === 1) expect(shown(next)).toEqual(possible.at(-1));
                    expect(existsSync(path)).toBe(false);
                },
            ),
            { numRuns: 60 },
        );
    });

    it("remembers what was begun until it ends", async () => {
        const dir = temporaryDir();
        const run = await StateStore.open(options(dir));
        const [a, b] = [await run.begin("creating", state("a")), await run.begin("creating", state("b"))];
        run.commit({ end: a, put: [{ state: state("a") }] });
        await killed(run);
        const next = await StateStore.open(options(dir));
        expect([...next.pending.values()].map(({ type, state: s }) => `${type} ${s.id}`)).toEqual([
            "creating b",
            "reading flush",
        ]);
        expect(next.export(false).deployment.pending_operations).toHaveLength(2);
        // What the next run ends are the operations of the one before.
        for (const operation of [...next.pending.values()]) next.commit({ end: operation });
        await next.close();
        expect((await StateStore.read(options(dir))).pending.size).toBe(0);
        expect(b.id).toBe(1);
    });

    it("is compacted when it gets long, in the middle of a run, without losing what is under way", async () => {
        const dir = temporaryDir();
        const run = await StateStore.open(options(dir));
        const operation = await run.begin("creating", state("slow"));
        const big = "x".repeat(1 << 20);
        let row: Row | undefined;
        for (let i = 0; i < 40; i++) {
            [row] = run.commit({ put: [{ row, state: state("a", i, { inputs: { size: i, big } }) }] });
            await flushed(run);
        }
        expect(readFileSync(join(dir, "dev.journal")).length).toBeLessThan(24 << 20);
        run.commit({ end: operation, put: [{ state: state("slow") }] });
        await killed(run);
        const next = await StateStore.read(options(dir));
        expect(shown(next).toSorted()).toEqual(["a=39", "slow=0"]);
        expect([...next.pending.values()].every(({ type }) => type === "reading")).toBe(true);
    });

    it("that was already taken into the snapshot is ignored", async () => {
        const dir = temporaryDir();
        const run = await StateStore.open(options(dir));
        run.commit({ put: [{ state: state("a", 1) }] });
        await killed(run);
        const journal = readFileSync(join(dir, "dev.journal"));
        const next = await StateStore.open(options(dir));
        const compacted = JSON.stringify({ compacted: await digest(dir) });
        writeFileSync(join(dir, "dev.journal"), `${journal.toString()}${compacted}\n`);
        expect(shown(await StateStore.open(options(dir)))).toEqual(shown(next));
    });

    it("of another snapshot is an error that says what to do", async () => {
        const dir = temporaryDir();
        const run = await StateStore.open(options(dir));
        run.commit({ put: [{ state: state("a", 1) }] });
        await killed(run);
        writeFileSync(join(dir, "dev.json"), JSON.stringify({ version: 3, deployment: { resources: [] } }));
        expect((await failure(StateStore.read(options(dir)))).message).toMatch(/changed by something else.*journal/);
    });

    it("with a damaged line in the middle is an error, at its end it is a torn tail", () => {
        expect(parseJournal('{"base":"x"}\n{"put":')).toEqual([{ base: "x" }]);
        expect(parseJournal('{"base":"x"}\n{"put":\n')).toEqual([{ base: "x" }]);
        expect(() => parseJournal('{"base"\n{"drop":[1]}\n')).toThrow("Line 1");
    });

    it("with several damaged lines at its end has a torn tail, but not one that is damaged from its first line", () => {
        expect(parseJournal('{"base":"x"}\n{"drop":[1]}\n{"put":\n\0\0\0\n17\n')).toEqual([
            { base: "x" },
            { drop: [1] },
        ]);
        expect(() => parseJournal("\0\0\n\0\n")).toThrow("Line 1");
        expect(() => parseJournal('{"base":"x"}\nnull\n{"drop":[1]}\n')).toThrow("Line 2");
    });

    it("that is damaged is an error with the command that goes on from the whole part of it", async () => {
        const dir = temporaryDir();
        const run = await StateStore.open(options(dir));
        run.commit({ put: [{ state: state("a", 1) }] });
        await killed(run);
        const path = join(dir, "dev.journal");
        const [base, ...rest] = readFileSync(path, "utf8").split("\n");
        for (const [text, command] of [
            [[base, "garbage", ...rest].join("\n"), `sed -i.damaged '2,$d' ${path}`],
            [["garbage", ...rest].join("\n"), `mv ${path} ${path}.damaged`],
        ]) {
            writeFileSync(path, text!);
            const error = await failure(StateStore.read(options(dir)));
            expect(error).toMatchObject({
                name: "StateError",
                message: expect.stringContaining("is damaged") as string,
            });
            expect((error as Error & { hint: string }).hint).toContain(command);
        }
    });
});

describe("a state file", () => {
    it("keeps the one before as .bak", async () => {
        const dir = temporaryDir();
        for (const size of [1, 2]) {
            const run = await StateStore.open(options(dir));
            run.commit({ put: [{ row: [...run.rows.values()][0], state: state("a", size) }] });
            await run.close();
        }
        expect(readFileSync(join(dir, "dev.json"), "utf8")).toContain('"size":2');
        expect(readFileSync(join(dir, "dev.json.bak"), "utf8")).toContain('"size":1');
    });

    it("has each resource after those that it needs, under their present names", async () => {
        const dir = temporaryDir();
        const run = await StateStore.open(options(dir));
        run.commit({
            put: [{ state: state("child", 0, { parent: state("parent").urn, dependencies: [state("old").urn] }) }],
        });
        run.commit({ put: [{ state: state("parent") }, { state: state("new", 0, { aliases: [state("old").urn] }) }] });
        await run.close();
        const { resources } = (await StateStore.read(options(dir))).export(false).deployment;
        expect(resources.map(({ id }) => id)).toEqual(["parent", "new", "child"]);
        expect(resources[2]!.dependencies).toEqual([state("new").urn]);
    });

    it("that is not JSON, not a deployment, or of another secrets provider, says so and names the file", async () => {
        const dir = temporaryDir();
        for (const [text, message] of [
            ["{", "not JSON"],
            ['{"version":2,"deployment":{}}', "version 3"],
            ['{"version":3,"deployment":null}', "version 3"],
            ['{"version":3,"deployment":{"resources":[{"id":"a"}]}}', "without a URN"],
            ['{"version":3,"deployment":{"secrets_providers":{"type":"cloud"}}}', '"cloud"'],
        ] as const) {
            writeFileSync(join(dir, "dev.json"), text);
            const error = await failure(StateStore.read(options(dir)));
            expect(error.message).toContain(message);
            expect(error.message).toContain("dev.json");
        }
    });
});

async function digest(dir: string): Promise<string> {
    const { createHash } = await import("node:crypto");
    return createHash("sha256")
        .update(readFileSync(join(dir, "dev.json")))
        .digest("hex");
}

it("a new stack that is interrupted before its first save is read with the key that its journal was written with", async () => {
    const fresh = { dir: temporaryDir(), stack: "new", passphrase: PASSPHRASE };
    const interrupted = await StateStore.open(fresh);
    await interrupted.begin("creating", state("one"));
    const next = await StateStore.open(fresh);
    expect([...next.pending.values()].map((operation) => operation.state.inputs)).toEqual([state("one").inputs]);
    await next.close();
});
