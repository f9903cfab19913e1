/** The kubernetes provider on a real cluster: what it makes and removes. */
import { describe, expect, it } from "vitest";

import { NothingMadeError, type PropertyMap } from "../../../packages/engine/src/provider";
import { kubernetesProvider as provider } from "../../../packages/engine/src/providers/kubernetes";
import {
    CANARY,
    checked,
    cluster,
    contextOf,
    counter,
    deployment,
    failureOf,
    live,
    type Made,
    make,
    namespace,
    onCluster,
    remove,
    SLEEP,
} from "./support/provider";

onCluster();

/** The same, whose removal is waited for so long and no longer. */
function inSeconds(made: Made, timeoutSeconds: number): Made {
    return { ...made, ctx: { ...made.ctx, timeoutSeconds } };
}

describe("what is made", () => {
    it("has a name from the seed, a namespace, the resource that it is for, and a state like the real provider's", async () => {
        const { id, state, ctx } = await make("core/v1:ConfigMap", { data: { a: "1" } });
        expect(id).toMatch(new RegExp(`^${namespace}/${ctx.name}-[0-9a-f]{8}$`));
        expect(state.outputs).toMatchObject({
            apiVersion: "v1",
            kind: "ConfigMap",
            data: { a: "1" },
            metadata: { namespace, annotations: { "pulumi.com/autonamed": "true" } },
            __inputs: state.inputs,
            __initialApiVersion: "v1",
        });
        expect(state.outputs.__fieldManager).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
        expect(await live("configmap", id.split("/")[1]!)).toMatchObject({
            metadata: { annotations: { "dev.groundwork/urn": ctx.urn } },
        });
    });

    it("is never what somebody else has made", async () => {
        const name = `taken-${counter}`;
        await cluster.kubectl("create", "configmap", name, "-n", namespace, "--from-literal=a=theirs");
        const ctx = contextOf("core/v1:ConfigMap");
        const inputs = await checked(ctx, { metadata: { name }, data: { a: "ours" } });
        const error = await failureOf(provider.create(ctx, inputs));
        expect(error).toBeInstanceOf(NothingMadeError);
        expect(error.message).toMatch(/exists already \(made by kubectl-create.*kubectl delete configmap/);
        expect(await provider.recover(ctx, inputs)).toBeUndefined();
        expect(await live("configmap", name)).toMatchObject({ data: { a: "theirs" } });
    });

    it("is refused for a field that there is not, and nothing is left", async () => {
        const ctx = contextOf("core/v1:ConfigMap");
        const inputs = await checked(ctx, { dta: { a: "1" } });
        const error = await failureOf(provider.create(ctx, inputs));
        expect(error).toBeInstanceOf(NothingMadeError);
        expect(error.message).toMatch(/dta/);
    });

    it("is refused in a namespace that there is not, and says so", async () => {
        const ctx = contextOf("core/v1:ConfigMap");
        const inputs = await checked(ctx, { metadata: { namespace: "gw-provider-nowhere" } });
        const error = await failureOf(provider.create(ctx, inputs));
        expect(error).toBeInstanceOf(NothingMadeError);
        expect(error.message).toMatch(/gw-provider-nowhere.*Make the namespace first/);
    });

    it("shows no secret in an error", async () => {
        const ctx = contextOf("core/v1:Secret");
        const inputs = await checked(ctx, { data: { password: [CANARY] } as PropertyMap });
        const error = await failureOf(provider.create(ctx, inputs));
        expect(error).toBeInstanceOf(NothingMadeError);
        expect(error.message + ctx.messages.join()).not.toContain(CANARY);
    });
});

describe("custom resources", () => {
    it("can be made as soon as their definition is, in the same run", async () => {
        const group = `${namespace}.groundwork.dev`;
        const definition = await make("apiextensions.k8s.io/v1:CustomResourceDefinition", {
            metadata: { name: `things.${group}` },
            spec: {
                group,
                scope: "Cluster",
                names: { plural: "things", singular: "thing", kind: "Thing" },
                versions: [
                    {
                        name: "v1",
                        served: true,
                        storage: true,
                        schema: {
                            openAPIV3Schema: {
                                type: "object",
                                properties: {
                                    spec: { type: "object", x_kubernetes_preserve_unknown_fields: true },
                                },
                            },
                        },
                    },
                ],
            },
        });
        const shown = JSON.stringify(definition.state.outputs.spec);
        expect(shown).toContain("x_kubernetes_preserve_unknown_fields");
        const thing = await make(`${group}/v1:Thing`, { spec: { anything: 1 } });
        expect(thing.id).toMatch(/^thing-/);
        expect((thing.state.inputs.metadata as PropertyMap).namespace).toBeUndefined();
        expect(thing.state.outputs.spec).toEqual({ anything: 1 });
    });

    it("of a kind that the cluster does not have are refused by name", async () => {
        const ctx = contextOf("nowhere.groundwork.dev/v1:Gadget");
        const inputs = await checked(ctx, {});
        const error = await failureOf(provider.create(ctx, inputs));
        expect(error).toBeInstanceOf(NothingMadeError);
        expect(error.message).toMatch(/no kind Gadget in nowhere\.groundwork\.dev\/v1.*CustomResourceDefinition/);
        expect(await provider.read(ctx, "x/y", undefined)).toBeUndefined();
    });
});

describe("deleting", () => {
    it("says which finalizer holds an object", async () => {
        const made = await make("core/v1:ConfigMap", { metadata: { finalizers: ["groundwork.dev/hold"] } });
        const error = await failureOf(remove(inSeconds(made, 3)));
        expect(error.message).toMatch(/not gone after 3 s: held by the finalizer groundwork\.dev\/hold/);
        await cluster.kubectl(
            "patch",
            "configmap",
            made.id.split("/")[1]!,
            "-n",
            namespace,
            "--type=json",
            `-p=[{"op":"remove","path":"/metadata/finalizers"}]`,
        );
        await remove(made);
    });

    it("leaves alone what has taken the place of the object", async () => {
        const made = await make("core/v1:ConfigMap", { metadata: { name: "other" } });
        await cluster.kubectl("delete", "configmap", "other", "-n", namespace);
        await cluster.kubectl("create", "configmap", "other", "-n", namespace);
        await remove(made);
        expect(made.ctx.messages.join()).toContain("left alone");
        expect(await live("configmap", "other")).toBeDefined();
    });

    it("waits until a Deployment's pods are gone, and says what uses a claim", async () => {
        const claim = await make("core/v1:PersistentVolumeClaim", {
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
        });
        const news = deployment({ ...SLEEP, volumeMounts: [{ name: "v", mountPath: "/v" }] });
        const template = (news.spec as PropertyMap).template as PropertyMap;
        (template.spec as PropertyMap).volumes = [
            { name: "v", persistentVolumeClaim: { claimName: claim.id.split("/")[1]! } },
        ];
        const made = await make("apps/v1:Deployment", news);
        expect((await failureOf(remove(inSeconds(claim, 3)))).message).toMatch(/still used by pod/);
        await remove(made);
        expect(
            await cluster.kubectl(
                "get",
                "pods",
                "-n",
                namespace,
                "-l",
                `app=${(template.metadata as { labels: { app: string } }).labels.app}`,
                "-o",
                "name",
            ),
        ).toBe("");
    });
});

describe("a cluster that does not answer", () => {
    it("is named, with what to do", async () => {
        const kubeconfig = JSON.stringify({
            clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
            users: [{ name: "u", user: { token: CANARY } }],
            contexts: [{ name: "gone", context: { cluster: "c", user: "u" } }],
            "current-context": "gone",
        });
        const ctx = contextOf("core/v1:ConfigMap", { config: { kubeconfig } });
        const error = await failureOf(provider.read(ctx, "a/b", undefined));
        expect(error.message).toMatch(
            /context "gone" \(https:\/\/127\.0\.0\.1:1\) does not answer: nothing listens there/,
        );
        expect(error.message).not.toContain(CANARY);
    });
});
