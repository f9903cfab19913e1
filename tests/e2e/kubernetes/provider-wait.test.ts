/** The kubernetes provider on a real cluster: what it waits for, and what it says when that does not come. */
import { describe, expect, it, onTestFinished } from "vitest";

import { NotReadyError, type PropertyMap } from "../../../packages/engine/src/provider";
import { kubernetesProvider as provider } from "../../../packages/engine/src/providers/kubernetes";
import { waitFor } from "../support/wait";
import {
    change,
    checked,
    cluster,
    contextOf,
    deployment,
    failureOf,
    live,
    make,
    namespace,
    onCluster,
    podTemplate,
    remove,
    SLEEP,
    unready,
} from "./support/provider";

onCluster();

describe("waiting", () => {
    it("sees a Deployment roll out, and says of an image that there is not that it cannot be pulled", async () => {
        const news = deployment(SLEEP);
        const made = await make("apps/v1:Deployment", news);
        expect(made.state.outputs.status).toMatchObject({ availableReplicas: 1 });
        const spec = news.spec as PropertyMap;
        const template = podTemplate((spec.selector as PropertyMap).matchLabels as Record<string, string>, {
            ...SLEEP,
            image: "localhost:1/nowhere:1",
        });
        const error = await failureOf(change(made, { spec: { ...spec, template } }));
        expect(error).toBeInstanceOf(NotReadyError);
        expect(error.message).toMatch(/container "main" of pod .* cannot pull its image \(localhost:1\/nowhere:1\)/);
        expect((await provider.read(made.ctx, made.id, made.state))!.initErrors).toHaveLength(1);
    });

    it("says how a container that crashes ends, with its last lines", async () => {
        const error = await unready(
            "apps/v1:Deployment",
            deployment({
                command: ["sh", "-c", "echo no database here; exit 3"],
                // Without it, a pod that is seen between its start and its end counts as available.
                readinessProbe: { exec: { command: ["false"] } },
            }),
        );
        expect(error.message).toMatch(
            /fails again and again: exit code 3, restarted 3 times\nLast log lines:\n {2}no database here/,
        );
    });

    it("says which key of a Secret is missing", async () => {
        const env = [{ name: "A", valueFrom: { secretKeyRef: { name: "not-there", key: "k" } } }];
        const error = await unready("apps/v1:Deployment", deployment({ ...SLEEP, env }));
        expect(error.message).toMatch(/cannot be configured: secret "not-there" not found/);
    });

    it("says why no node can run a pod", async () => {
        const error = await unready(
            "apps/v1:StatefulSet",
            {
                spec: {
                    ...(deployment({ ...SLEEP, resources: { requests: { cpu: "4000" } } }).spec as PropertyMap),
                    serviceName: "s",
                },
            },
            { timeoutSeconds: 20 },
        );
        expect(error.message).toMatch(/not ready after 20 s: no node can run pod .*Insufficient cpu/);
    });

    it("says which quota refuses a pod", async () => {
        await make("core/v1:ResourceQuota", { spec: { hard: { "count/pods": "1000", "requests.memory": "1Mi" } } });
        const container = { ...SLEEP, resources: { requests: { memory: "64Mi" } } };
        const error = await unready("apps/v1:Deployment", deployment(container));
        expect(error.message).toMatch(/refused by a quota: exceeded quota.*requests\.memory/);
        const set = await unready("apps/v1:StatefulSet", {
            spec: { ...(deployment(container).spec as PropertyMap), serviceName: "s" },
        });
        expect(set.message).toMatch(/refused by a quota: .*exceeded quota/);
    });

    it("says of a pod that the namespace's security level refuses why", async () => {
        const restricted = await make("core/v1:Namespace", {
            metadata: {
                name: `${namespace}-restricted`,
                labels: { "pod-security.kubernetes.io/enforce": "restricted" },
            },
        });
        const account = () => cluster.kubectl("get", "serviceaccount", "default", "--namespace", restricted.id);
        await waitFor(() => account().then(() => true), { what: "the namespace's service account", seconds: 120 });
        const error = await unready("apps/v1:Deployment", {
            ...deployment(SLEEP),
            metadata: { namespace: restricted.id },
        });
        expect(error.message).toMatch(/its pods are refused: violates PodSecurity "restricted/);
    });

    it("sees a Job complete, and says how one failed", async () => {
        const job = (command: string): PropertyMap => ({
            spec: {
                backoffLimit: 0,
                template: {
                    spec: {
                        ...(podTemplate({}, { command: ["sh", "-c", command] }).spec as PropertyMap),
                        restartPolicy: "Never",
                    },
                },
            },
        });
        const made = await make("batch/v1:Job", job("sleep 2"));
        const { name } = made.state.outputs.metadata as { name: string };
        const phase = ["get", "pods", "-n", namespace, "-l", `job-name=${name}`, "-o", "jsonpath={..phase}"];
        expect(await cluster.kubectl(...phase)).toBe("Succeeded");
        const error = await unready("batch/v1:Job", job("echo column missing; exit 4"));
        expect(error.message).toMatch(
            /it failed \(BackoffLimitExceeded\).*exit code 4\nLast log lines:\n {2}column missing/s,
        );
    });

    it("runs a Job again that failed, as another one, where it says so", async () => {
        const volume = { name: "ready", configMap: { name: "database", optional: true } };
        const container = {
            command: ["sh", "-c", "test -e /ready/yes || { echo no database here; exit 4; }"],
            volumeMounts: [{ name: "ready", mountPath: "/ready" }],
        };
        const news: PropertyMap = {
            metadata: { annotations: { "pulumi.com/replaceUnready": "true" } },
            spec: {
                backoffLimit: 0,
                template: {
                    spec: {
                        ...(podTemplate({}, container).spec as PropertyMap),
                        volumes: [volume],
                        restartPolicy: "Never",
                    },
                },
            },
        };
        const ctx = contextOf("batch/v1:Job");
        const inputs = await checked(ctx, news);
        const error = (await failureOf(provider.create(ctx, inputs))) as NotReadyError;
        expect(error).toBeInstanceOf(NotReadyError);
        const failed = { ctx, id: error.id, state: { inputs, outputs: error.outputs } };
        onTestFinished(() => remove(failed));
        expect(error.message).toMatch(/exit code 4\nLast log lines:\n {2}no database here/);

        await make("core/v1:ConfigMap", { metadata: { name: "database" }, data: { yes: "" } });
        const olds = { ...failed.state, initErrors: [error.message] };
        const same = await checked(ctx, news, inputs);
        expect(same).toEqual(inputs);
        expect(await provider.diff(ctx, failed.id, olds, same)).toMatchObject({
            changed: true,
            replaces: ['metadata.annotations["pulumi.com/replaceUnready"]'],
            deleteBeforeReplace: false,
        });
        // What a run does with a replacement: its inputs anew, made before the old one goes.
        const anew = await checked(ctx, news);
        const { id, outputs } = await provider.create(ctx, anew);
        const made = { ctx, id, state: { inputs: anew, outputs } };
        onTestFinished(() => remove(made));
        expect(id).not.toBe(failed.id);
        expect(await provider.diff(ctx, id, made.state, await checked(ctx, news, anew))).toMatchObject({
            changed: false,
        });
        // Completed for good, whatever was recorded of it.
        const late = { ...made.state, initErrors: ["it was not ready after 1 s"] };
        expect(await provider.diff(ctx, id, late, anew)).toMatchObject({ changed: false, replaces: [] });
    });

    it("does not wait for a claim that its first pod binds, nor for anything with skipAwait", async () => {
        const claim = await make("core/v1:PersistentVolumeClaim", {
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
        });
        expect(claim.state.outputs.status).toMatchObject({ phase: "Pending" });
        await make("apps/v1:Deployment", {
            metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
            ...deployment({ ...SLEEP, image: "localhost:1/nowhere:1" }),
        });
    });

    it("waits for what pulumi.com/waitFor says", async () => {
        const made = await make("core/v1:Pod", {
            metadata: { annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=Succeeded" } },
            spec: { ...(podTemplate({}, { command: ["sleep", "2"] }).spec as PropertyMap), restartPolicy: "Never" },
        });
        expect(made.state.outputs.status).toMatchObject({ phase: "Succeeded" });
    });

    it("waits at the end of a run for a Service's endpoints, and not before", async () => {
        const signal = new AbortController().signal;
        const app = { app: "settled" };
        await make("core/v1:Service", { spec: { selector: app, ports: [{ port: 80 }] } }, { signal });
        expect(await provider.settle!(signal)).toEqual([]);
        await make(
            "core/v1:Service",
            { spec: { selector: app, ports: [{ port: 80 }] } },
            { signal, timeoutSeconds: 5 },
        );
        const template = podTemplate(app, { ...SLEEP, readinessProbe: { exec: { command: ["false"] } } });
        await make("apps/v1:Deployment", {
            metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
            spec: { selector: { matchLabels: app }, template },
        });
        await expect
            .poll(async () => cluster.kubectl("get", "pods", "-n", namespace, "-l", "app=settled", "-o", "name"))
            .not.toBe("");
        const [unsettled] = await provider.settle!(signal);
        expect(unsettled!.message).toMatch(/Service .* none of its 1 pods is ready/);
    });

    it("stops at once when the run does", async () => {
        const controller = new AbortController();
        const ctx = contextOf("apps/v1:Deployment", { signal: controller.signal });
        const inputs = await checked(ctx, deployment({ ...SLEEP, readinessProbe: { exec: { command: ["false"] } } }));
        const work = failureOf(provider.create(ctx, inputs));
        const { name } = inputs.metadata as { name: string };
        await expect.poll(() => live("deployment", name).then(Boolean)).toBe(true);
        controller.abort();
        // It would wait for longer than this test may take.
        expect(await work).not.toBeInstanceOf(NotReadyError);
        const again = { ...ctx, signal: new AbortController().signal };
        const found = (await provider.recover(again, inputs))!;
        expect(found.initErrors).toHaveLength(1);
        await remove({ ctx: again, id: found.id, state: { inputs, outputs: found.outputs } });
        expect(await provider.recover(again, inputs)).toBeUndefined();
    });
});
