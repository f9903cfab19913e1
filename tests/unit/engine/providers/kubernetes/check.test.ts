import { describe, expect, it } from "vitest";

import { UNKNOWN, type PropertyMap } from "../../../../../packages/engine/src/provider";
import { kubernetesProvider as provider } from "../../../../../packages/engine/src/providers/kubernetes";
import { SEED } from "../context";
import { contextOf, KUBECONFIG } from "./context";

const CONFIG_MAP = contextOf("core/v1:ConfigMap");

async function inputsOf(news: PropertyMap, olds?: PropertyMap, ctx = CONFIG_MAP): Promise<PropertyMap> {
    const { inputs, failures } = await provider.check(ctx, olds, news, SEED);
    expect(failures).toEqual([]);
    return inputs;
}

async function failuresOf(news: PropertyMap, ctx = CONFIG_MAP): Promise<Record<string, string>> {
    const { failures } = await provider.check(ctx, undefined, news, SEED);
    return Object.fromEntries(failures.map(({ property, reason }) => [property, reason]));
}

describe("names", () => {
    it("are the logical name with eight hex digits, marked as automatic, in the context's namespace", async () => {
        expect(await inputsOf({ data: { a: "1" } })).toEqual({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: {
                name: expect.stringMatching(/^thing-[0-9a-f]{8}$/) as string,
                namespace: "team",
                annotations: { "pulumi.com/autonamed": "true" },
            },
            data: { a: "1" },
        });
    });

    it("are kept where they were automatic, whatever the seed", async () => {
        const first = await inputsOf({ metadata: { annotations: { a: "b" } } });
        const { inputs } = await provider.check(
            CONFIG_MAP,
            first,
            { metadata: { labels: { c: "d" } } },
            Buffer.alloc(32),
        );
        expect((inputs.metadata as PropertyMap).name).toBe((first.metadata as PropertyMap).name);
    });

    it("of the program are not marked, and a taken away one is no automatic one until it is replaced", async () => {
        const own = await inputsOf({ metadata: { name: "own" } });
        expect(own.metadata).toEqual({ name: "own", namespace: "team" });
        expect(await inputsOf({}, own)).toMatchObject({ metadata: { namespace: "team" } });
        expect((await inputsOf({}, own)).metadata).not.toHaveProperty("name");
    });

    it("that are not known yet stay unknown", async () => {
        expect(await inputsOf({ metadata: { name: UNKNOWN, namespace: UNKNOWN } })).toMatchObject({
            metadata: { name: UNKNOWN, namespace: UNKNOWN },
        });
        expect((await inputsOf({ metadata: UNKNOWN })).metadata).toBe(UNKNOWN);
    });

    it("come without a namespace where the kind has none", async () => {
        const role = await inputsOf(
            { metadata: { name: "system:x" } },
            undefined,
            contextOf("rbac.authorization.k8s.io/v1:ClusterRole"),
        );
        expect(role.metadata).toEqual({ name: "system:x" });
    });

    it("take the provider's namespace before the context's", async () => {
        const ctx = contextOf("core/v1:ConfigMap", { config: { kubeconfig: KUBECONFIG, namespace: "mine" } });
        expect(await inputsOf({}, undefined, ctx)).toMatchObject({ metadata: { namespace: "mine" } });
    });
});

describe("check", () => {
    it.each<[string, PropertyMap, string, string]>([
        ["a name in capitals", { metadata: { name: "Api" } }, "metadata.name", "lower-case"],
        ["a generated name", { metadata: { generateName: "a-" } }, "metadata.generateName", "automatic name"],
        ["another kind than the type's", { kind: "Secret" }, "kind", "says ConfigMap"],
        [
            "replaceUnready of what is no Job",
            { metadata: { annotations: { "pulumi.com/replaceUnready": "true" } } },
            `metadata.annotations["pulumi.com/replaceUnready"]`,
            "is for Jobs, and this is a ConfigMap",
        ],
        [
            "a wait that cannot be read",
            { metadata: { annotations: { "pulumi.com/waitFor": "status.ready" } } },
            "metadata.annotations",
            "condition=Ready",
        ],
    ])("refuses %s", async (_title, news, property, reason) => {
        const failures = await failuresOf(news);
        expect(failures[property]).toContain(reason);
    });

    it("takes replaceUnready of a Job", async () => {
        const annotations = { "pulumi.com/replaceUnready": "true" };
        const inputs = await inputsOf({ metadata: { name: "a", annotations } }, undefined, contextOf("batch/v1:Job"));
        expect(inputs.metadata).toEqual({ name: "a", namespace: "team", annotations });
    });

    it("drops what only the server sets", async () => {
        const inputs = await inputsOf({ metadata: { name: "a", uid: "u", resourceVersion: "1", managedFields: [] } });
        expect(inputs.metadata).toEqual({ name: "a", namespace: "team" });
    });

    it("writes a Secret's text as the server keeps it, but not before it is known", async () => {
        const ctx = contextOf("core/v1:Secret");
        const inputs = await inputsOf({ data: { a: "YQ==" }, stringData: { b: "bee" } }, undefined, ctx);
        expect(inputs).toMatchObject({ data: { a: "YQ==", b: "YmVl" } });
        expect(inputs).not.toHaveProperty("stringData");
        expect(await inputsOf({ stringData: { b: UNKNOWN } }, undefined, ctx)).toMatchObject({
            stringData: { b: UNKNOWN },
        });
    });
});

describe("types", () => {
    const refuses = provider.refuses!;

    it.each(["core/v1:Secret", "apps/v1:Deployment", "networking.k8s.io/v1:Ingress", "example.com/v1alpha1:Widget"])(
        "serves %s",
        (type) => expect(refuses(`kubernetes:${type}`)).toBeUndefined(),
    );

    it.each([
        ["core/v1:SecretList", "each of its items"],
        ["apps/v1:DeploymentPatch", "whole object as Deployment"],
        ["helm.sh/v3:Release", "manifests"],
        ["yaml:ConfigFile", "manifests"],
        ["kustomize:Directory", "manifests"],
        ["nonsense", "<group>/<version>:<Kind>"],
    ])("refuses %s and says what to do", (type, reason) => expect(refuses(`kubernetes:${type}`)).toContain(reason));
});
