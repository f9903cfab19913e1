import { describe, expect, it } from "vitest";

import { StepsFailedError } from "../../../packages/engine/src";
import { THING } from "../../fixtures/engine/simulated";
import { dependsOn, failedUrns, failure, goal, TestStack, type Script } from "../../fixtures/engine/harness";

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

    it.each<[string, Script]>([
        ["that ends the run", (p) => Promise.resolve(p.run.halt.abort(tokenError()))],
        ["that is thrown", () => Promise.reject(tokenError())],
    ])("an error %s shows no secret of the config, nor do its stack and its causes", async (_, script) => {
        const secrets = { value: JSON.stringify({ TOKEN: CANARY }), secret: true };
        const error = await failure(new TestStack({ config: { "test:secrets": secrets } }).preview(script));
        expect(error.message).toBe("it said [secret]");
        expect((error.cause as Error).message).toBe("because of [secret]");
        expect([error.stack, (error.cause as Error).stack].join("\n")).not.toContain(CANARY);
    });
});

const CANARY = "canary-token-1";

/** Its message cannot be assigned, as that of an abort signal's reason. */
function tokenError(): Error {
    const error = new Error(`it said ${CANARY}`, { cause: new Error(`because of ${CANARY}`) });
    return Object.defineProperty(error, "message", { value: error.message, writable: false, configurable: true });
}
