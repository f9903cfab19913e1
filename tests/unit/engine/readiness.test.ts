/** What is made as asked and does not become ready is kept, and looked after by the next run. */
import { describe, expect, it } from "vitest";

import { plannedOutputs } from "../../../packages/engine/src/planned";
import { NotReadyError, type PropertyMap } from "../../../packages/engine/src/provider";
import { secret } from "../../../packages/engine/src/properties";
import { simulated, type Simulated } from "../../fixtures/engine/simulated";
import { failedUrns, failure, TestStack, type Script } from "../../fixtures/engine/harness";

const TOKEN = "canary-0b7e";

/** Things that are there as asked, and not ready while `slow` says so. */
function slowProvider(): Simulated & { slow: boolean } {
    const base = simulated();
    const provider = Object.assign(base, { slow: true });
    const { create, update, read } = base;
    const unlessSlow = async (id: string, outputs: PropertyMap): Promise<void> => {
        if (provider.slow) throw new NotReadyError(`It never answered; token was ${TOKEN}`, id, outputs);
        return Promise.resolve();
    };
    provider.create = async (ctx, inputs) => {
        const made = await create(ctx, inputs);
        await unlessSlow(made.id, made.outputs);
        return made;
    };
    provider.update = async (ctx, id, olds, news) => {
        const { outputs } = await update(ctx, id, olds, news);
        await unlessSlow(id, outputs);
        return { outputs };
    };
    provider.read = async (ctx, id, olds) => {
        const found = await read(ctx, id, olds);
        return found && { ...found, ...(provider.slow ? { initErrors: [`not ready; token was ${TOKEN}`] } : {}) };
    };
    return provider;
}

const program =
    (inputs: PropertyMap): Script =>
    async ({ thing }) => {
        await thing("a", { label: "a", token: secret(TOKEN), ...inputs });
    };

describe("a resource that does not become ready", () => {
    it("fails the run, is kept, and is updated by the next run until it is", async () => {
        const provider = slowProvider();
        const stack = new TestStack({ provider });
        const error = await failure(stack.up(program({ size: 1 })));
        expect(failedUrns(error)).toEqual(["a"]);
        expect(error.message).toContain("It never answered");
        expect(stack.names).toEqual(["a"]);
        const { id, initErrors } = stack.find("a")!;
        expect(initErrors).toEqual(["It never answered; token was [secret]"]);
        expect(stack.state.pending_operations ?? []).toEqual([]);

        await failure(stack.up(program({ size: 1 })));
        provider.slow = false;
        expect((await stack.preview(program({ size: 1 }))).ops).toContain("update a");
        expect((await stack.up(program({ size: 1 }))).changes).toMatchObject({ update: 1 });
        expect(stack.find("a")).toMatchObject({ id });
        expect(stack.find("a")).not.toHaveProperty("initErrors");
        expect((await stack.up(program({ size: 1 }))).changes).toEqual({ same: 2 });
        expect(stack.text).not.toContain(TOKEN);
    });

    it("after a change has the changed inputs, so that the change is not made twice", async () => {
        const provider = slowProvider();
        provider.slow = false;
        const stack = new TestStack({ provider });
        await stack.up(program({ size: 1 }));
        provider.slow = true;
        await failure(stack.up(program({ size: 2 })));
        expect(stack.find("a")).toMatchObject({ inputs: { size: 2 }, outputs: { revision: "2" } });
        expect(stack.find("a")!.initErrors).toHaveLength(1);
    });

    it("that is replaced takes the place of the old one, which goes", async () => {
        const provider = slowProvider();
        provider.slow = false;
        const stack = new TestStack({ provider });
        await stack.up(program({ kind: "x" }));
        const before = stack.find("a")!.id;
        provider.slow = true;
        await failure(stack.up(program({ kind: "y" })));
        provider.slow = false;
        await stack.up(program({ kind: "y" }));
        expect(provider.world.all()).toHaveLength(1);
        expect(stack.find("a")!.id).not.toBe(before);
    });

    it("is replaced by the next run where the provider would rather begin anew, as often as it takes", async () => {
        const provider = slowProvider();
        const seen: (string[] | undefined)[] = [];
        const { diff } = provider;
        provider.diff = async (ctx, id, olds, news) => {
            seen.push(olds.initErrors);
            const result = await diff(ctx, id, olds, news);
            return olds.initErrors ? { ...result, changed: true, replaces: ["label"] } : result;
        };
        const stack = new TestStack({ provider });
        const current = () => stack.state.resources!.find((one) => one.urn.endsWith("::a") && !one.delete)!.id;
        const ids: unknown[] = [];
        for (let run = 0; run < 2; run++) {
            await failure(stack.up(program({ size: 1 })));
            ids.push(current());
        }
        expect((await stack.preview(program({ size: 1 }))).ops).toContain("replace a");
        provider.slow = false;
        await stack.up(program({ size: 1 }));
        ids.push(current());
        expect(new Set(ids).size).toBe(3);
        expect(provider.world.all().map(({ id }) => id)).toEqual(ids.slice(2));
        expect((await stack.up(program({ size: 1 }))).changes).toEqual({ same: 2 });
        const why = ["It never answered; token was [secret]"];
        expect(seen).toEqual([why, why, why, undefined]);
    });

    it("is found not to be by a refresh, without its secrets", async () => {
        const provider = slowProvider();
        provider.slow = false;
        const stack = new TestStack({ provider });
        await stack.up(program({ size: 1 }));
        provider.slow = true;
        await stack.refresh();
        expect(stack.find("a")!.initErrors).toEqual(["not ready; token was [secret]"]);
        provider.slow = false;
        await stack.refresh();
        expect(stack.find("a")).not.toHaveProperty("initErrors");
    });
});

describe("types that a provider refuses", () => {
    it("are an error with its reason", async () => {
        const provider = Object.assign(simulated(), { types: [], refuses: () => "it is a list. Give each item" });
        const error = await failure(new TestStack({ provider }).up(program({})));
        expect(error.message).toMatch(
            /does not support the type simulated:index:Thing: it is a list\. Give each item\./,
        );
        const serving = Object.assign(simulated(), { types: [], refuses: () => undefined });
        expect((await new TestStack({ provider: serving }).up(program({}))).changes).toMatchObject({ create: 2 });
    });
});

describe("outputs that hold the inputs", () => {
    it("keep in a preview what others put beside these, and lose what is taken away", () => {
        const olds = { spec: { ports: [{ port: 80 }], gone: 1, labels: { a: "1" } } };
        const outputs = {
            spec: { ports: [{ port: 80, nodePort: 30000 }], gone: 1, labels: { a: "1" }, clusterIP: "10.0.0.1" },
            status: {},
        };
        const news = { spec: { ports: [{ port: 81 }], labels: { a: "1", b: secret("x") } } };
        expect(plannedOutputs(outputs, olds, news)).toEqual({
            spec: { ports: [{ port: 81, nodePort: 30000 }], labels: { a: "1", b: secret("x") }, clusterIP: "10.0.0.1" },
            status: {},
        });
    });
});
