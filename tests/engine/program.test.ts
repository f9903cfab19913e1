import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it, vi } from "vitest";

import { build } from "../../packages/bundle/bundle.cjs";
import {
    createEmbeddedEngine,
    type EmbeddedEngine,
    type EngineEvent,
    type EngineOptions,
} from "../../packages/engine/src";
import type { Unsettled } from "../../packages/engine/src/provider";
import { MonitorServer } from "../../packages/engine/src/server";
import { simulated, type Simulated } from "../fixtures/engine/simulated";
import { failure, PASSPHRASE, SALT, temporaryDir, TestStack } from "../fixtures/engine/harness";

const PROJECT = join(__dirname, "../fixtures/engine/program");
const TOKEN = "canary-token-4711";

interface Fixture {
    engine: EmbeddedEngine;
    provider: Simulated;
    events: EngineEvent[];
    options: EngineOptions;
    /** The same stack with other options. */
    with(options: Partial<EngineOptions>): EmbeddedEngine;
}

function fixture(program: string, env: Record<string, string> = {}): Fixture {
    const provider = simulated();
    const events: EngineEvent[] = [];
    const options: EngineOptions = {
        projectDir: PROJECT,
        stateDir: temporaryDir(),
        stack: "dev",
        config: { "fixture:token": { value: TOKEN, secret: true }, "fixture:size": { value: "1", secret: false } },
        passphrase: PASSPHRASE,
        encryptionSalt: SALT,
        providers: [provider],
        env: { PROGRAM: program, ...env },
        onEvent: (event) => events.push(event),
    };
    return {
        engine: createEmbeddedEngine(options),
        provider,
        events,
        options,
        with: (more) => createEmbeddedEngine({ ...options, ...more }),
    };
}

async function bundleOf(program: string): Promise<string> {
    const entry = join(PROJECT, `programs/${program}.ts`);
    return (await build({ entry, cacheName: `fixture-${program}`, launcher: __filename })).bundle;
}

afterEach(() => vi.restoreAllMocks());

describe("an unmodified program", () => {
    it("waits for an engine that listens later than it has started, as one on a busy machine does", async () => {
        const listen = Reflect.get(MonitorServer.prototype, "listen");
        vi.spyOn(MonitorServer.prototype, "listen").mockImplementation(async function (this: MonitorServer, answer) {
            await new Promise((resolve) => setTimeout(resolve, 4_000));
            return listen.call(this, answer);
        });
        expect((await fixture("pair").engine.preview()).changeSummary).toEqual({ create: 6 });
    });

    it("previews, comes up, previews a change of one resource, and goes away", async () => {
        const { engine, provider, options, with: other, events } = fixture("pair", { QUOTE: TOKEN });
        const digest = await engine.preview();
        expect(digest.changeSummary).toEqual({ create: 6 });
        expect(digest.steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort()).toEqual(
            [
                "create fixture-dev",
                "create first",
                "create last",
                "create pair",
                "create pair-left",
                "create pair-right",
            ].sort(),
        );
        expect(provider.world.all()).toEqual([]);

        const up = await engine.up();
        expect(up.changes).toEqual({ create: 6 });
        const first = provider.world.all().find(({ owner }) => owner === "first")!;
        expect(up.outputs["key"]).toEqual({ value: `key-of-${first.id}`, secret: true });
        expect(up.outputs["said"]).toEqual({ value: `address-of-${first.id}`, secret: false });
        expect(up.outputs["addresses"]!.value).toHaveLength(2);
        expect(await engine.outputs()).toEqual(up.outputs);

        const changed = other({ config: { ...options.config, "fixture:size": { value: "2", secret: false } } });
        const preview = await changed.preview();
        expect(preview.changeSummary).toEqual({ same: 5, update: 1 });
        expect(preview.steps.find(({ op }) => op === "update")).toMatchObject({
            diffReasons: ["size"],
            detailedDiff: { size: { kind: "update", inputDiff: true } },
            oldState: { inputs: { size: 1, token: "[secret]" } },
            newState: { inputs: { size: 2, token: "[secret]" } },
        });

        const plaintext = [
            JSON.stringify([digest, preview, events]),
            readFileSync(join(options.stateDir, "dev.json"), "utf8"),
        ];
        for (const text of plaintext) expect(text).not.toContain(TOKEN);
        expect(events.some((e) => e.diagnosticEvent?.message.includes("the token is [secret]"))).toBe(true);

        expect((await engine.preview({ destroy: {} })).changeSummary).toEqual({ delete: 6 });
        expect((await engine.destroy()).changes).toEqual({ delete: 6 });
        expect(provider.world.all()).toEqual([]);
    });

    it.each([
        ["throws", "the program's own mistake"],
        ["exits", "promises were still active"],
    ])("that %s deletes nothing", async (program, message) => {
        const { engine, provider, options } = fixture(program);
        await withThing(options, provider);
        const error = await failure(engine.up());
        expect(error.name).toBe("ProgramError");
        expect(error.message).toContain(message);
        expect(provider.world.all().map(({ owner }) => owner)).toContain("kept");
        expect(provider.calls.some(({ operation }) => operation === "delete")).toBe(false);
    });

    it.each([
        ["as it is", () => Promise.resolve(undefined)],
        ["as one file made of it", bundleOf],
    ])("that throws, run %s, is told where, in its own source", async (_, made) => {
        const { with: other, events } = fixture("throws");
        await failure(other({ bundle: await made("throws") }).up());
        const said = events.map(({ diagnosticEvent }) => diagnosticEvent?.message ?? "").join("");
        const source = readFileSync(join(PROJECT, "programs/throws.ts"), "utf8").split("\n");
        const line = source.findIndex((text) => text.includes("throw new Error")) + 1;
        expect(said).toContain(`throws.ts:${line}:`);
        expect(said).not.toContain(".cjs'");
    });

    it("is not told of what its failed step leads to in the SDK", async () => {
        const { engine, events } = fixture("fails");
        expect((await failure(engine.up())).message).toContain("broken");
        const errors = events.flatMap(({ diagnosticEvent }) =>
            diagnosticEvent?.severity === "error" ? [diagnosticEvent.message] : [],
        );
        expect(errors).toHaveLength(1);
    });

    it("does the same as one file made of it", async () => {
        const { engine, provider, with: other } = fixture("pair");
        const up = await other({ bundle: await bundleOf("pair") }).up();
        expect(up.changes).toEqual({ create: 6 });
        expect((await engine.preview()).changeSummary).toEqual({ same: 6 });
        expect(provider.world.all()).toHaveLength(4);
    });

    it("may use a part of the SDK that is loaded late", async () => {
        const { outputs } = await fixture("automation").engine.up();
        expect(outputs["workspace"]!.value).toBe("function");
    });

    it("fails when what it made does not become what it was to be", async () => {
        const { engine, options, provider } = fixture("pair");
        const settle = (): Promise<Unsettled[]> => Promise.resolve([{ urn: "urn:first", message: `never ${TOKEN}` }]);
        const unsettled = createEmbeddedEngine({ ...options, providers: [{ ...provider, settle }] });
        expect((await failure(unsettled.up())).message).toBe("urn:first: never [secret]");
        expect((await engine.preview()).changeSummary).toEqual({ same: 6 });
    });

    it.each([
        ["transform", "stack transform"],
        ["archive", "archive"],
    ])("that uses an unsupported %s is refused by name", async (uses, message) => {
        const { engine } = fixture("refused", { USES: uses });
        expect((await failure(engine.preview())).message).toContain(message);
    });
});

describe("a state", () => {
    it("of a program with assets goes out and comes in again, with and without its secrets", async () => {
        const { engine, provider, options, with: other } = fixture("asset");
        await engine.up();
        const files = provider.world.all().map(({ inputs }) => inputs["file"] as Record<string, string>);
        expect(files.map(({ text, path }) => text ?? path).sort()).toEqual(["Pulumi.yaml", "hello"]);
        expect(files.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash!))).toBe(true);

        expect(statSync(options.stateDir).mode & 0o777).toBe(0o700);
        for (const name of readdirSync(options.stateDir))
            expect(statSync(join(options.stateDir, name)).mode & 0o077).toBe(0);
        expect((await failure(other({ passphrase: "wrong" }).outputs())).message).toContain("passphrase");

        const exported = await engine.exportState({ showSecrets: true });
        expect(JSON.stringify(exported)).toContain("plaintext");
        const copy = other({ stateDir: temporaryDir(), encryptionSalt: undefined, passphrase: "another one" });
        await copy.importState(exported);
        expect(JSON.stringify(await copy.exportState())).not.toContain("plaintext");
        expect((await copy.preview()).changeSummary).toEqual({ same: 3 });
    });
});

/** Puts a thing that the program does not have into the stack. */
async function withThing(options: EngineOptions, provider: Simulated): Promise<void> {
    const stack = new TestStack({ ...options, dir: options.stateDir, provider, stateDir: options.stateDir });
    await stack.up((p) => p.thing("kept"));
}
