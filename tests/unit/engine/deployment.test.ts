import { describe, expect, it } from "vitest";

import { StepsFailedError } from "../../../packages/engine/src";
import { secret } from "../../../packages/engine/src/properties";
import { THING } from "../../fixtures/engine/simulated";
import { dependsOn, failedUrns, failure, goal, TestStack, type Script } from "./support";

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

describe("options", () => {
    it("protect: refuses to delete or replace, names the resource, and touches nothing else", async () => {
        const stack = new TestStack();
        const script =
            (kind: string): Script =>
            async (p) => {
                await p.thing("kept", { kind }, { protect: true });
                await p.thing("other");
            };
        await stack.up(script("x"));
        expect((await failure(stack.up(script("y")))).message).toContain("protected");
        expect(failedUrns(await failure(stack.up(() => Promise.resolve())))).toEqual(["kept"]);
        expect(failedUrns(await failure(stack.destroy()))).toEqual(["kept"]);
        expect(stack.names).toEqual(["kept", "other"]);
        await stack.destroy(true);
        expect(stack.names).toEqual(["kept"]);
        expect(stack.state.resources!.map((r) => r.urn.split("::").at(-1)).sort()).toEqual([
            "default_1_2_3",
            "kept",
            "test-dev",
        ]);
    });

    it("retainOnDelete: forgets the resource and leaves the thing", async () => {
        const stack = new TestStack();
        await stack.up((p) => p.thing("a", {}, { retainOnDelete: true }));
        await stack.destroy();
        expect(stack.names).toEqual(["a"]);
        expect(stack.state.resources ?? []).toEqual([]);
    });

    it("ignoreChanges: keeps what the state has", async () => {
        const stack = new TestStack();
        await stack.up((p) => p.thing("a", { size: 1, kind: "x" }));
        const { changes } = await stack.up((p) => p.thing("a", { size: 2, kind: "x" }, { ignoreChanges: ["size"] }));
        expect(changes).toEqual({ same: 2 });
        expect(stack.find("a")!.inputs).toMatchObject({ size: 1 });
    });

    it("replaceOnChanges: replaces for a change that could be made in place", async () => {
        const stack = new TestStack();
        await stack.up((p) => p.thing("a", { size: 1 }));
        const { changes } = await stack.up((p) => p.thing("a", { size: 2 }, { replaceOnChanges: ["size"] }));
        expect(changes).toEqual({ same: 1, replace: 1 });
    });

    it("deleteBeforeReplace: is the program's to decide, both ways", async () => {
        const stack = new TestStack();
        const script =
            (value: string): Script =>
            async (p) => {
                await p.thing("a", { kind: value }, { deleteBeforeReplace: true });
                await p.thing("b", { unique: value }, { deleteBeforeReplace: false });
            };
        await stack.up(script("x"));
        const { ops } = await stack.up(script("y"));
        expect(ops).toEqual([
            "same test-dev",
            "delete-replaced a",
            "replace a",
            "create-replacement a",
            "create-replacement b",
            "replace b",
            "delete-replaced b",
        ]);
    });

    it("aliases: a rename, a new parent or a new type keeps the resource, and so do its children", async () => {
        const stack = new TestStack();
        await stack.up(async (p) => {
            const group = await p.component("old");
            await p.thing("old-part", {}, { parent: group.state.urn });
            await p.thing("plain");
        });
        const id = stack.find("old-part")!.id;
        const renamed: Script = async (p) => {
            const group = await p.component("new", { aliases: [{ name: "old" }] });
            await p.thing(
                "new-part",
                { label: stack.find("old-part")!.inputs!["label"] as string },
                { parent: group.state.urn },
            );
            await p.thing("plain", {}, { parent: group.state.urn, aliases: [{ noParent: true }] });
        };
        // The names are in the inputs' label only when they are new, so nothing has to be replaced.
        const { changes } = await stack.up(renamed);
        expect(changes).toEqual({ same: 4 });
        expect(stack.find("new-part")).toMatchObject({ id });
        expect(stack.names).toEqual(["old-part", "plain"]);
        expect(
            (
                await stack.up(async (p) => {
                    const group = await p.component("new");
                    await p.thing("new-part", {}, { parent: group.state.urn });
                    await p.thing("plain", {}, { parent: group.state.urn });
                })
            ).changes,
        ).toEqual({ same: 4 });
    });

    it("aliases: a new resource may take the old name of a renamed one", async () => {
        const stack = new TestStack();
        await stack.up((p) => p.thing("a"));
        const { ops } = await stack.up(async (p) => {
            await p.thing("b", {}, { aliases: [{ name: "a" }] });
            await p.thing("a");
        });
        expect(ops).toEqual(["same test-dev", "same b", "create a"]);
    });

    it("deletedWith: does not delete what goes with another one", async () => {
        const stack = new TestStack();
        await stack.up(async (p) => {
            const a = await p.thing("a");
            await p.thing("b", {}, { deletedWith: a.state.urn, dependencies: [a.state.urn] });
        });
        await stack.destroy();
        expect(stack.provider.calls.filter((call) => call.operation === "delete").map((call) => call.owner)).toEqual([
            "a",
        ]);
        expect(stack.state.resources ?? []).toEqual([]);
    });

    it("customTimeouts and provider configuration reach the provider", async () => {
        const stack = new TestStack({
            config: {
                "simulated:host": { value: "ssh://there", secret: false },
                "simulated:on": { value: "true", secret: false },
            },
        });
        await stack.up((p) => p.thing("a", {}, { customTimeouts: { create: 90 } }));
        expect(stack.provider.calls[0]).toMatchObject({
            config: { host: "ssh://there", on: true },
            timeoutSeconds: 90,
        });
    });

    it("protect, retainOnDelete and deletedWith are inherited from the parent", async () => {
        const stack = new TestStack();
        await stack.up(async (p) => {
            const group = await p.component("g", { protect: true, retainOnDelete: true });
            await p.thing("a", {}, { parent: group.state.urn });
            await p.thing("b", {}, { parent: group.state.urn, protect: false });
        });
        expect(stack.find("a")).toMatchObject({ protect: true, retainOnDelete: true });
        expect(stack.find("b")).toMatchObject({ retainOnDelete: true });
        expect(stack.find("b")!.protect).toBeUndefined();
    });

    it("targets: brings only these, and leaves all others as they are", async () => {
        const stack = new TestStack();
        const script =
            (size: number, more = false): Script =>
            async (p) => {
                await p.thing("a", { size });
                await p.thing("b", { size });
                if (more) await p.thing("c", { size });
            };
        await stack.up(script(1));
        const { ops } = await stack.up(script(2, true), [stack.urn("a")]);
        expect(ops).toEqual(["same test-dev", "update a", "same b"]);
        expect(stack.find("b")!.inputs).toMatchObject({ size: 1 });
        expect(stack.find("c")).toBeUndefined();
        expect((await failure(stack.up(script(2), [stack.urn("nobody")]))).message).toContain("nobody");
    });

    it("import: is refused by name, unless the resource is already that one", async () => {
        const stack = new TestStack();
        expect((await failure(stack.up((p) => p.thing("a", {}, { importId: "x" })))).message).toMatch(
            /"a".*import.*not support/,
        );
        await stack.up((p) => p.thing("a"));
        expect((await stack.up((p) => p.thing("a", {}, { importId: stack.find("a")!.id! }))).changes).toEqual({
            same: 2,
        });
    });
});

describe("failures", () => {
    it("a failed step deletes nothing, does not run dependants, and saves what was done", async () => {
        const stack = new TestStack();
        await stack.up((p) => p.thing("old"));
        const error = await failure(
            stack.up(async (p) => {
                await p.thing("good");
                const bad = await p.thing("bad", { fail: "create" });
                await p.thing("after", {}, dependsOn("x", bad));
            }),
        );
        expect(error).toBeInstanceOf(StepsFailedError);
        expect(failedUrns(error)).toEqual(["bad"]);
        expect(stack.names).toEqual(["good", "old"]);
        expect(stack.find("good")).toBeDefined();
        expect(stack.find("bad")).toBeUndefined();
        expect(stack.state.pending_operations).toEqual([]);
    });

    it("leaves alone what was there before, though it looks like its own, when a create is refused for it", async () => {
        const stack = new TestStack();
        const script: Script = (p) => p.thing("a", { label: "taken", only: true });
        stack.provider.world.put({ id: "other", owner: "a", whole: true, inputs: { label: "taken" } });
        expect((await failure(stack.up(script))).message).toContain("There is a thing taken already.");
        expect(stack.provider.world.all().map((thing) => thing.id)).toEqual(["other"]);
        expect(stack.provider.calls.map((call) => call.operation)).toEqual(["create"]);
        // The next run finds nothing pending, so it does not take it for its own either.
        await failure(stack.up(script));
        expect(stack.provider.world.all().map((thing) => thing.id)).toEqual(["other"]);
    });

    it("a replacement that fails leaves the old one in place", async () => {
        const stack = new TestStack();
        await stack.up((p) => p.thing("a", { kind: "x" }));
        const { id } = stack.find("a")!;
        await failure(stack.up((p) => p.thing("a", { kind: "y", fail: "create" })));
        expect(stack.find("a")).toMatchObject({ id, inputs: { kind: "x" } });
        expect(stack.names).toEqual(["a"]);
        expect((await stack.up((p) => p.thing("a", { kind: "x" }))).changes).toEqual({ same: 2 });
    });

    it("after a delete before replace whose create failed, the next run creates it", async () => {
        const stack = new TestStack();
        await stack.up((p) => p.thing("a", { unique: "x" }));
        await failure(stack.up((p) => p.thing("a", { unique: "y", fail: "create" })));
        expect(stack.names).toEqual([]);
        await stack.up((p) => p.thing("a", { unique: "x" }));
        expect(stack.names).toEqual(["a"]);
        expect(stack.state.resources!.filter((r) => r.type === THING)).toHaveLength(1);
    });

    it("a failed update is read back, so that going back to the old program is seen as no change", async () => {
        const stack = new TestStack();
        await stack.up((p) => p.thing("a", { size: 1 }));
        await failure(stack.up((p) => p.thing("a", { size: 2, fail: "update" })));
        expect(stack.find("a")!.inputs).toMatchObject({ size: 1 });
        expect((await stack.up((p) => p.thing("a", { size: 1 }))).changes).toEqual({ same: 2 });
    });

    it("says which property is wrong, and of which resource", async () => {
        const stack = new TestStack();
        expect((await failure(stack.up((p) => p.thing("a", { invalid: true })))).message).toContain(
            "invalid: must not be set",
        );
    });

    it("refuses two resources with one URN, unknown packages and unknown types by name", async () => {
        const stack = new TestStack();
        const twice: Script = async (p) => void (await p.thing("a"), await p.thing("a"));
        expect((await failure(stack.preview(twice))).message).toContain(stack.urn("a"));
        const make =
            (type: string): Script =>
            (p) =>
                p.deployment.register(goal(type, "x", true, {}));
        expect((await failure(stack.preview(make("aws:s3/bucket:Bucket")))).message).toContain('"aws"');
        expect((await failure(stack.preview(make("simulated:index:Other")))).message).toContain(
            "simulated:index:Other",
        );
    });
});

describe("parallel", () => {
    it("runs at most as many steps at once as it may, and as many", async () => {
        const stack = new TestStack({ parallel: 3 });
        await stack.up((p) => Promise.all([..."abcdefgh"].map((name) => p.thing(name, { delay: 5 }))));
        expect(stack.provider.highest).toBe(3);
        stack.provider.highest = 0;
        await stack.destroy();
        expect(stack.provider.highest).toBe(3);
    });

    it("the first stop finishes what runs, starts nothing more, and saves", async () => {
        const stop = new AbortController();
        const stack = new TestStack({ parallel: 2, signal: stop.signal });
        const running = stack.up(async (p) => {
            const things = [..."abcdef"].map((name) => p.thing(name, { delay: 30 }));
            setTimeout(() => stop.abort(), 15);
            await Promise.all(things);
        });
        expect((await failure(running)).name).toBe("CancelledError");
        expect(stack.names).toEqual(["a", "b"]);
        expect(stack.state.resources!.filter((r) => r.type === THING)).toHaveLength(2);
        expect(stack.state.pending_operations).toEqual([]);
    });

    it("the second stop does not wait, and the next run finds out what became of the steps", async () => {
        const stop = new AbortController();
        const stack = new TestStack({ terminate: stop.signal });
        const running = stack.up(async (p) => {
            setTimeout(() => stop.abort(), 15);
            await p.thing("a", { delay: 40 });
        });
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
