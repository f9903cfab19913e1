/** The kubernetes provider on a real cluster: what it changes, and what it leaves as it is. */
import { describe, expect, it, onTestFinished } from "vitest";

import { type PropertyMap } from "../../../packages/engine/src/provider";
import { kubernetesProvider as provider } from "../../../packages/engine/src/providers/kubernetes";
import {
    change,
    checked,
    cluster,
    contextOf,
    counter,
    failureOf,
    live,
    make,
    namespace,
    onCluster,
    remove,
} from "./support/provider";

onCluster();

describe("a change", () => {
    it("needs no request where inputs are as they were", async () => {
        const ctx = {
            ...contextOf("core/v1:ConfigMap"),
            config: { kubeconfig: cluster.kubeconfig, context: undefined! },
        };
        const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "n", namespace } };
        const olds = { inputs, outputs: {} };
        expect((await provider.diff(ctx, "x", olds, structuredClone(inputs))).changed).toBe(false);
    });

    it("is none where the cluster takes both for the same", async () => {
        const news = (cpu: string): PropertyMap => ({
            metadata: { name: "limits" },
            spec: { limits: [{ type: "Container", max: { cpu } }] },
        });
        const made = await make("core/v1:LimitRange", news("1000m"));
        const same = await checked(made.ctx, news("1"), made.state.inputs);
        expect(await provider.diff(made.ctx, made.id, made.state, same)).toMatchObject({ changed: false });
        const other = await checked(made.ctx, news("2"), made.state.inputs);
        expect(await provider.diff(made.ctx, made.id, made.state, other)).toMatchObject({
            changed: true,
            replaces: [],
            detailed: { "spec.limits[0].max.cpu": "update" },
        });
    });

    it("is none after a refresh of what nobody changed, and one after somebody did", async () => {
        const news: PropertyMap = { spec: { ports: [{ port: 80 }], selector: { app: "none" } } };
        const made = await make("core/v1:Service", news);
        const read = (await provider.read(made.ctx, made.id, made.state))!;
        const inputs = await checked(made.ctx, news, read.inputs);
        expect(await provider.diff(made.ctx, made.id, read, inputs)).toMatchObject({ changed: false });
        await cluster.kubectl(
            "patch",
            "service",
            made.id.split("/")[1]!,
            "-n",
            namespace,
            "-p",
            `{"spec":{"selector":{"app":"other"}}}`,
        );
        const changed = (await provider.read(made.ctx, made.id, made.state))!;
        expect(await provider.diff(made.ctx, made.id, changed, inputs)).toMatchObject({
            changed: true,
            detailed: { "spec.selector.app": "update" },
        });
    });

    it("takes away what the program takes away", async () => {
        const made = await make("core/v1:ServiceAccount", { metadata: { labels: { a: "1", b: "2" } } });
        const outputs = await change(made, { metadata: { labels: { a: "1" } } });
        expect((outputs.metadata as PropertyMap).labels).toEqual({ a: "1" });
    });

    it("of a field that somebody else holds is refused with who and what", async () => {
        const made = await make("core/v1:ServiceAccount", { metadata: { labels: { a: "1" } } });
        const name = made.id.split("/")[1]!;
        await cluster.kubectl("label", "serviceaccount", name, "-n", namespace, "a=theirs", "--overwrite");
        const error = await failureOf(change(made, { metadata: { labels: { a: "2" } } }));
        expect(error.message).toMatch(/"kubectl-label" holds \.metadata\.labels\.a.*ignoreChanges.*patchForce/s);
        const ignored = await change(
            made,
            { metadata: { labels: { a: "2", b: "1" } } },
            { ignoreChanges: ["metadata.labels.a"] },
        );
        expect((ignored.metadata as PropertyMap).labels).toEqual({ a: "theirs", b: "1" });
        const forced = await change(made, {
            metadata: { labels: { a: "3" }, annotations: { "pulumi.com/patchForce": "true" } },
        });
        expect((forced.metadata as PropertyMap).labels).toEqual({ a: "3" });
    });

    it("reaches what the real provider has made, and takes away what that had set", async () => {
        const name = `theirs-${counter}`;
        await cluster.kubectl(
            "create",
            "configmap",
            name,
            "-n",
            namespace,
            "--from-literal=a=1",
            "--from-literal=b=2",
            "--field-manager=pulumi-kubernetes",
        );
        const ctx = contextOf("core/v1:ConfigMap", {
            config: { kubeconfig: cluster.kubeconfig, namespace, enableConfigMapMutable: true },
        });
        const inputs = await checked(ctx, { metadata: { name }, data: { a: "1", b: "2" } });
        const outputs = {
            ...(await live("configmap", name)),
            __inputs: inputs,
            __fieldManager: "pulumi-kubernetes-0badcafe",
            __initialApiVersion: "v1",
        };
        const made = { ctx, id: `${namespace}/${name}`, state: { inputs, outputs } };
        onTestFinished(() => remove(made));
        const news = { metadata: { name }, data: { a: "3" } };
        expect(await provider.diff(ctx, made.id, made.state, await checked(ctx, news, inputs))).toMatchObject({
            changed: true,
            replaces: [],
        });
        const after = await change(made, news);
        expect(after).toMatchObject({ data: { a: "3" }, __fieldManager: "pulumi-kubernetes-0badcafe" });
        expect(Object.keys(after.data as object)).toEqual(["a"]);
    });

    it("that the cluster refuses in place is a replacement, even where no list says so", async () => {
        const news = (loadBalancerClass: string): PropertyMap => ({
            metadata: { name: "balanced", annotations: { "pulumi.com/skipAwait": "true" } },
            spec: { type: "LoadBalancer", ports: [{ port: 80 }], loadBalancerClass },
        });
        const made = await make("core/v1:Service", news("example.com/a"));
        const inputs = await checked(made.ctx, news("example.com/b"), made.state.inputs);
        const diff = await provider.diff(made.ctx, made.id, made.state, inputs);
        expect(diff).toMatchObject({ changed: true, replaces: ["spec.loadBalancerClass"], deleteBeforeReplace: true });
    });

    it("makes again what was removed by hand", async () => {
        const made = await make("core/v1:ServiceAccount", {});
        await cluster.kubectl("delete", "serviceaccount", made.id.split("/")[1]!, "-n", namespace);
        expect(await provider.read(made.ctx, made.id, made.state)).toBeUndefined();
        await change(made, { metadata: { labels: { a: "1" } } });
        expect(made.ctx.messages.join()).toContain("made again");
        expect(await provider.read(made.ctx, made.id, made.state)).toBeDefined();
    });
});
