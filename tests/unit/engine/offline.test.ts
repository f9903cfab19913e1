import { describe, expect, it } from "vitest";

import { offlineProviders } from "../../../packages/engine/src/offline";
import type { DiffResult, PropertyMap, Provider, ProviderContext } from "../../../packages/engine/src/provider";
import { builtinProviders } from "../../../packages/engine/src/providers";

const provider = (name: string, occasion = "base"): Provider =>
    offlineProviders(occasion).find((each) => each.name === name)!;

function context(type: string, name = "api", stack = "dev"): ProviderContext {
    const urn = `urn:pulumi:${stack}::groundwork::${type}::gw-${stack}-${name}`;
    return {
        urn,
        name,
        type,
        config: { context: "no-such-cluster" },
        log: () => undefined,
        signal: new AbortController().signal,
    };
}

async function made(ctx: ProviderContext, news: PropertyMap, occasion = "base") {
    const offline = provider(ctx.type.split(":")[0]!, occasion);
    const { inputs, failures } = await offline.check(ctx, undefined, news, Buffer.alloc(0));
    expect(failures).toEqual([]);
    return { inputs, ...(await offline.create(ctx, inputs)) };
}

/** What becomes of a resource that was made at the base. */
async function between(type: string, before: PropertyMap, after: PropertyMap): Promise<DiffResult> {
    const ctx = context(type);
    const olds = await made(ctx, before);
    const head = provider(type.split(":")[0]!, "head");
    const { inputs } = await head.check(ctx, olds.inputs, after, Buffer.alloc(0));
    return head.diff(ctx, olds.id, olds, inputs);
}

const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const claim = (spec: PropertyMap): PropertyMap => ({ metadata: { name: "data", namespace: "gw-dev" }, spec });

describe("providers without what they reach", () => {
    it.each([
        ["docker:index/container:Container", { image: "a", memory: 512 }, { image: "a", memory: 1024 }, []],
        ["docker:index/container:Container", { image: "a" }, { image: "b" }, ["image"]],
        ["docker:index/volume:Volume", { name: "a" }, { name: "b" }, ["name"]],
        ["random:index/randomPassword:RandomPassword", { length: 24 }, { length: 32 }, ["length"]],
        ["command:local:Command", { create: "true" }, { create: "false" }, []],
        [
            CLAIM,
            claim({ resources: { requests: { storage: "1Gi" } } }),
            claim({ resources: { requests: { storage: "2Gi" } } }),
            [],
        ],
        [CLAIM, claim({ storageClassName: "gp3" }), claim({ storageClassName: "io2" }), ["spec.storageClassName"]],
        ["aws:s3/bucket:Bucket", { bucket: "first-bucket" }, { bucket: "other-bucket" }, ["bucket"]],
    ])(
        "tell an update of %s from a replacement as the real ones do, asking nobody",
        async (type, before, after, replaces) => {
            const found = await between(type, before, after);
            expect([found.changed, found.replaces]).toEqual([true, replaces]);
            expect((await between(type, before, before)).changed).toBe(false);
        },
    );

    it("say of what they make the same in every run and stack, and something else of another resource", async () => {
        const type = "docker:index/container:Container";
        const [first, again, elsewhere, other] = await Promise.all([
            made(context(type), { image: "a" }),
            made(context(type), { image: "a" }),
            made(context(type, "api", "prod"), { image: "a" }),
            made(context(type, "web"), { image: "a" }),
        ]);
        expect(again).toEqual(first);
        expect(elsewhere.id).toBe(first.id);
        expect(other.id).not.toBe(first.id);
    });

    it("name a replacement otherwise than what it replaces", async () => {
        const ctx = context("kubernetes:core/v1:ConfigMap");
        const named = async (occasion: string): Promise<unknown> => (await made(ctx, { data: {} }, occasion)).id;
        expect(await named("head")).not.toBe(await named("base"));
    });

    it("refuse what only what really runs can answer", async () => {
        const docker = provider("docker");
        const ctx = context("docker:index/network:Network");
        await expect(docker.read(ctx, "id")).rejects.toThrow(/reads docker:index\/network:Network "api"/);
        await expect(docker.invoke!(ctx, "docker:index/getNetwork:getNetwork", {})).rejects.toThrow(
            /calls docker:index\/getNetwork/,
        );
    });

    it("are there for each provider that the engine has", () => {
        expect(offlineProviders("base").map(({ name }) => name)).toEqual(builtinProviders().map(({ name }) => name));
    });
});
