import { describe, expect, it } from "vitest";

import { secret } from "../../../packages/engine/src/properties";
import { simulated, THING, type Simulated } from "../../fixtures/engine/simulated";
import { dependsOn, failure, goal, TestStack, type Script } from "../../fixtures/engine/harness";

const two: Script = async (p) => {
    const a = await p.thing("a", { size: 1 });
    await p.thing("b", { size: 2, from: a.state.outputs!["address"]! }, dependsOn("from", a));
};

describe("steps", () => {
    it("creates what is new, does nothing the second time, and does not write the state again", async () => {
        const stack = new TestStack();
        const first = await stack.up(two);
        expect(first.ops).toEqual(["create test-dev", "create a", "create b"]);
        expect(first.changes).toEqual({ create: 3 });
        const text = stack.text;
        const second = await stack.up(two);
        expect(second.changes).toEqual({ same: 3 });
        expect(stack.text).toBe(text);
        expect(stack.names).toEqual(["a", "b"]);
    });

    it("previews without changing anything, and shows what is not known yet as unknown", async () => {
        const stack = new TestStack();
        const { changes } = await stack.preview(two);
        expect(changes).toEqual({ create: 3 });
        expect(stack.provider.calls).toEqual([]);
        expect(() => stack.text).toThrow("ENOENT");
    });

    it("updates in place what can be, and passes on what stays known", async () => {
        const stack = new TestStack();
        await stack.up((p) => p.thing("a", { size: 1 }));
        const seen: unknown[] = [];
        const next: Script = async (p) => {
            const a = await p.thing("a", { size: 2 });
            seen.push(a.state.id, a.state.outputs!["address"], a.state.outputs!["revision"]);
        };
        const previewed = await stack.preview(next);
        expect(previewed.ops).toEqual(["same test-dev", "update a"]);
        const { id, outputs } = stack.find("a")!;
        // What an update may change is left open in its preview.
        expect(seen).toEqual([id, outputs!["address"], undefined]);
        await stack.up(next);
        expect(stack.find("a")).toMatchObject({ id, inputs: { size: 2 }, outputs: { revision: "2" } });
        expect(stack.provider.world.get(id!)!.inputs).toMatchObject({ size: 2 });
    });

    it("replaces by creating first, and deletes the old one at the end", async () => {
        const stack = new TestStack();
        const script =
            (kind: string): Script =>
            async (p) => {
                const a = await p.thing("a", { kind });
                await p.thing("b", { from: a.state.outputs!["address"]! }, dependsOn("from", a));
            };
        await stack.up(script("x"));
        const { id } = stack.find("a")!;
        const { ops, changes } = await stack.up(script("y"));
        expect(ops).toEqual(["same test-dev", "create-replacement a", "replace a", "update b", "delete-replaced a"]);
        expect(changes).toEqual({ same: 1, replace: 1, update: 1 });
        expect(stack.find("a")!.id).not.toBe(id);
        expect(stack.names).toEqual(["a", "b"]);
        expect(stack.find("b")!.inputs!["from"]).toBe(stack.find("a")!.outputs!["address"]);
    });

    it("previews a replacement with the same steps", async () => {
        const stack = new TestStack();
        await stack.up((p) => p.thing("a", { kind: "x" }));
        const { ops, run } = await stack.preview((p) => p.thing("a", { kind: "y" }));
        expect(ops).toEqual(["same test-dev", "create-replacement a", "replace a", "delete-replaced a"]);
        expect(run.reporter.steps.at(-1)).toMatchObject({
            op: "replace",
            replaceReasons: ["kind"],
            detailedDiff: { kind: { kind: "update-replace", inputDiff: true } },
        });
    });

    it("deletes before it replaces where it must, and first what depends on it in a way that forces its replacement", async () => {
        const stack = new TestStack();
        const script =
            (unique: string): Script =>
            async (p) => {
                const a = await p.thing("a", { unique });
                await p.thing("bound", { kind: a.state.outputs!["address"]! }, dependsOn("kind", a));
                await p.thing("loose", { from: a.state.outputs!["address"]! }, dependsOn("from", a));
            };
        await stack.up(script("x"));
        const loose = stack.find("loose")!.id;
        const { ops } = await stack.up(script("y"));
        expect(ops).toEqual([
            "same test-dev",
            "delete-replaced bound",
            "delete-replaced a",
            "replace a",
            "create-replacement a",
            "replace bound",
            "create-replacement bound",
            "update loose",
        ]);
        expect(stack.find("loose")!.id).toBe(loose);
        expect(stack.names).toEqual(["a", "bound", "loose"]);
        expect(stack.state.resources!.some((r) => r.pendingReplacement || r.delete)).toBe(false);
    });

    it("deletes in reverse dependency order what the program no longer has", async () => {
        const stack = new TestStack();
        await stack.up(two);
        const { ops } = await stack.up(() => Promise.resolve());
        expect(ops).toEqual(["same test-dev", "delete b", "delete a"]);
        expect(stack.names).toEqual([]);
        expect(stack.state.resources!.map((r) => r.type)).toEqual(["pulumi:pulumi:Stack"]);
    });

    it("destroys everything, providers last, and leaves an empty state", async () => {
        const stack = new TestStack();
        await stack.up(two);
        const { changes } = await stack.destroy();
        expect(changes).toEqual({ delete: 3 });
        expect(stack.state.resources ?? []).toEqual([]);
        expect(stack.names).toEqual([]);
    });

    it("refreshes what changed or went away without it", async () => {
        const stack = new TestStack();
        await stack.up(two);
        const a = stack.find("a")!;
        const thing = stack.provider.world.get(a.id!)!;
        stack.provider.world.put({ ...thing, inputs: { ...thing.inputs, size: 9 } });
        stack.provider.world.remove(stack.find("b")!.id!);
        const { changes } = await stack.refresh();
        expect(changes).toEqual({ update: 1, delete: 1 });
        expect(stack.find("a")!.inputs).toMatchObject({ size: 9 });
        expect(stack.find("b")).toBeUndefined();
        expect((await stack.up(two)).changes).toEqual({ same: 1, update: 1, create: 1 });
    });

    it("reads what it does not manage, and never deletes it", async () => {
        const stack = new TestStack();
        stack.provider.world.put({ id: "other", owner: "somebody", whole: true, inputs: { size: 4 } });
        const script: Script = async (p) => {
            const { state } = await p.deployment.read(goal(THING, "r", true, {}), "other");
            expect(state.outputs).toMatchObject({ size: 4, address: "address-of-other" });
        };
        expect((await stack.up(script)).ops).toEqual(["create test-dev", "read r"]);
        expect(stack.find("r")).toMatchObject({ external: true, id: "other" });
        expect((await stack.up(() => Promise.resolve())).ops).toEqual(["same test-dev", "discard r"]);
        expect(stack.names).toEqual(["somebody"]);
    });
});

/** A provider that says when it makes so many things at once, none of which is made before. */
function whenCreating(count: number, say: () => void): Simulated {
    const provider = simulated(undefined, 0, count);
    const { create } = provider;
    return Object.assign(provider, {
        create(...args: Parameters<typeof create>) {
            const made = create(...args);
            if (provider.calls.length === count) say();
            return made;
        },
    });
}

describe("parallel", () => {
    it("runs at most as many steps at once as it may, and as many", async () => {
        const stack = new TestStack({ parallel: 3, provider: simulated(undefined, 5, 3) });
        await stack.up((p) => Promise.all([..."abcdefgh"].map((name) => p.thing(name))));
        expect(stack.provider.highest).toBe(3);
        stack.provider.highest = 0;
        await stack.destroy();
        expect(stack.provider.highest).toBe(3);
    });

    it("the first stop finishes what runs, starts nothing more, and saves", async () => {
        const stop = new AbortController();
        const provider = whenCreating(2, () => stop.abort());
        const stack = new TestStack({ parallel: 2, signal: stop.signal, provider });
        const running = stack.up((p) => Promise.all([..."abcdef"].map((name) => p.thing(name))));
        expect((await failure(running)).name).toBe("CancelledError");
        expect(stack.names).toEqual(["a", "b"]);
        expect(stack.state.resources!.filter((r) => r.type === THING)).toHaveLength(2);
        expect(stack.state.pending_operations).toEqual([]);
    });

    it("the second stop does not wait, and the next run finds out what became of the steps", async () => {
        const stop = new AbortController();
        const stack = new TestStack({ terminate: stop.signal, provider: whenCreating(1, () => stop.abort()) });
        const running = stack.up((p) => p.thing("a", { delay: 40 }));
        expect((await failure(running)).name).toBe("CancelledError");
        expect(stack.state.pending_operations).toHaveLength(1);
        const next = new TestStack({ dir: stack.dir, provider: stack.provider });
        await next.up((p) => p.thing("a", { delay: 0 }));
        expect(next.names).toEqual(["a"]);
        expect(next.state.pending_operations).toEqual([]);
    });
});

describe("secrets", () => {
    it("are in no state file, event or error in plaintext, wherever the provider puts them", async () => {
        const canary = "canary-4711-secret";
        const stack = new TestStack({ config: { "test:token": { value: "canary-config-secret", secret: true } } });
        const script =
            (extra: object): Script =>
            async (p) => {
                const a = await p.thing("a", { token: secret(canary), ...extra });
                expect(a.state.outputs!["token"]).toEqual(secret(canary));
                await p.thing("b", { note: `contains ${canary}`, token: secret(canary) });
            };
        const { events } = await stack.up(script({}));
        const error = await failure(stack.up(script({ fail: "update" })));
        expect(error.message).toContain("[secret]");
        for (const text of [stack.text, JSON.stringify(events), error.message]) {
            expect(text).not.toContain(canary);
            expect(text).not.toContain("canary-config-secret");
        }
        expect(stack.find("a")!.outputs!["key"]).toHaveProperty("ciphertext");
    });

    it("keep their ciphertext while they do not change", async () => {
        const stack = new TestStack();
        const script =
            (size: number): Script =>
            (p) =>
                p.thing("a", { token: secret("a long secret"), size });
        await stack.up(script(1));
        const before = stack.find("a")!.inputs!["token"];
        await stack.up(script(2));
        expect(stack.find("a")!.inputs!["token"]).toEqual(before);
    });
});
