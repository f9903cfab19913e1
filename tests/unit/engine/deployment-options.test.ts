import { describe, expect, it } from "vitest";

import { failedUrns, failure, TestStack, type Script } from "../../fixtures/engine/harness";

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
