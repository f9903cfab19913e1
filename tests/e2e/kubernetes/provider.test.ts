/** The kubernetes provider on a real cluster, in a namespace of its own. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import {
    NothingMadeError,
    NotReadyError,
    type PropertyMap,
    type ProviderContext,
} from "../../../packages/engine/src/provider";
import { kubernetesProvider as provider } from "../../../packages/engine/src/providers/kubernetes";
import { ensureCluster, type Cluster } from "./cluster/cluster";

const NAMESPACE = `gw-provider-${process.pid}`;
const CANARY = "canary-4f1d0c";
const MINUTE = 60_000;

let cluster: Cluster;
let counter = 0;

interface TestContext extends ProviderContext {
    messages: string[];
}

function contextOf(type: string, extra: Partial<ProviderContext> = {}): TestContext {
    const messages: string[] = [];
    return {
        urn: `urn:pulumi:test::${NAMESPACE}::kubernetes:${type}::thing-${++counter}`,
        name: `thing-${counter}`,
        type: `kubernetes:${type}`,
        config: { kubeconfig: cluster.kubeconfig, namespace: NAMESPACE },
        log: (message) => messages.push(message),
        signal: new AbortController().signal,
        messages,
        ...extra,
    };
}

async function checked(ctx: ProviderContext, news: PropertyMap, olds?: PropertyMap): Promise<PropertyMap> {
    const { inputs, failures } = await provider.check(ctx, olds, news, Buffer.alloc(32, counter));
    expect(failures).toEqual([]);
    return inputs;
}

interface Made {
    ctx: TestContext;
    id: string;
    state: { inputs: PropertyMap; outputs: PropertyMap };
}

async function make(type: string, news: PropertyMap, extra: Partial<ProviderContext> = {}): Promise<Made> {
    const ctx = contextOf(type, extra);
    const inputs = await checked(ctx, news);
    const { id, outputs } = await provider.create(ctx, inputs);
    const made = { ctx, id, state: { inputs, outputs } };
    onTestFinished(() => remove(made));
    return made;
}

async function remove({ ctx, id, state }: Made): Promise<void> {
    await provider.delete(ctx, id, state);
}

/** What a run does with other inputs: diff, then update. */
async function change(made: Made, news: PropertyMap, extra: Partial<ProviderContext> = {}): Promise<PropertyMap> {
    const ctx = { ...made.ctx, ...extra };
    const inputs = await checked(ctx, news, made.state.inputs);
    const { outputs } = await provider.update(ctx, made.id, made.state, inputs);
    made.state = { inputs, outputs };
    return outputs;
}

async function failureOf(action: Promise<unknown>): Promise<Error> {
    try {
        await action;
    } catch (error) {
        return error as Error;
    }
    throw new Error("It was expected to fail.");
}

/** Fails as not ready, and is removed when the test ends. */
async function unready(type: string, news: PropertyMap, extra: Partial<ProviderContext> = {}): Promise<NotReadyError> {
    const ctx = contextOf(type, extra);
    const inputs = await checked(ctx, news);
    const error = await failureOf(provider.create(ctx, inputs));
    if (!(error instanceof NotReadyError)) throw error;
    onTestFinished(() => remove({ ctx, id: error.id, state: { inputs, outputs: error.outputs } }));
    return error;
}

function podTemplate(labels: Record<string, string>, container: PropertyMap): PropertyMap {
    return {
        metadata: { labels },
        spec: {
            terminationGracePeriodSeconds: 0,
            containers: [{ name: "main", image: cluster.toolsImage, imagePullPolicy: "IfNotPresent", ...container }],
        },
    };
}

function deployment(container: PropertyMap, more: PropertyMap = {}): PropertyMap {
    const labels = { app: `app-${counter + 1}` };
    return {
        spec: { replicas: 1, selector: { matchLabels: labels }, template: podTemplate(labels, container), ...more },
    };
}

const SLEEP: PropertyMap = { command: ["sleep", "3600"] };

async function live(kind: string, name: string): Promise<Record<string, never>> {
    return JSON.parse(await cluster.kubectl("get", kind, name, "-n", NAMESPACE, "-o", "json")) as Record<string, never>;
}

beforeAll(async () => {
    cluster = await ensureCluster();
    await cluster.kubectl("create", "namespace", NAMESPACE);
}, 20 * MINUTE);

afterAll(async () => {
    await cluster?.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=false");
});

describe("what is made", () => {
    it("has a name from the seed, a namespace, the resource that it is for, and a state like the real provider's", async () => {
        const { id, state, ctx } = await make("core/v1:ConfigMap", { data: { a: "1" } });
        expect(id).toMatch(new RegExp(`^${NAMESPACE}/${ctx.name}-[0-9a-f]{8}$`));
        expect(state.outputs).toMatchObject({
            apiVersion: "v1",
            kind: "ConfigMap",
            data: { a: "1" },
            metadata: { namespace: NAMESPACE, annotations: { "pulumi.com/autonamed": "true" } },
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
        await cluster.kubectl("create", "configmap", name, "-n", NAMESPACE, "--from-literal=a=theirs");
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

    it(
        "is refused in a namespace that there is not, and says so",
        async () => {
            const ctx = contextOf("core/v1:ConfigMap");
            const inputs = await checked(ctx, { metadata: { namespace: "gw-provider-nowhere" } });
            const error = await failureOf(provider.create(ctx, inputs));
            expect(error).toBeInstanceOf(NothingMadeError);
            expect(error.message).toMatch(/gw-provider-nowhere.*Make the namespace first/);
        },
        MINUTE,
    );

    it("shows no secret in an error", async () => {
        const ctx = contextOf("core/v1:Secret");
        const inputs = await checked(ctx, { data: { password: [CANARY] } as PropertyMap });
        const error = await failureOf(provider.create(ctx, inputs));
        expect(error).toBeInstanceOf(NothingMadeError);
        expect(error.message + ctx.messages.join()).not.toContain(CANARY);
    });
});

describe("a change", () => {
    it("needs no request where inputs are as they were", async () => {
        const ctx = {
            ...contextOf("core/v1:ConfigMap"),
            config: { kubeconfig: cluster.kubeconfig, context: undefined! },
        };
        const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "n", namespace: NAMESPACE } };
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
            NAMESPACE,
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
        await cluster.kubectl("label", "serviceaccount", name, "-n", NAMESPACE, "a=theirs", "--overwrite");
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
            NAMESPACE,
            "--from-literal=a=1",
            "--from-literal=b=2",
            "--field-manager=pulumi-kubernetes",
        );
        const ctx = contextOf("core/v1:ConfigMap", {
            config: { kubeconfig: cluster.kubeconfig, namespace: NAMESPACE, enableConfigMapMutable: true },
        });
        const inputs = await checked(ctx, { metadata: { name }, data: { a: "1", b: "2" } });
        const outputs = {
            ...(await live("configmap", name)),
            __inputs: inputs,
            __fieldManager: "pulumi-kubernetes-0badcafe",
            __initialApiVersion: "v1",
        };
        const made = { ctx, id: `${NAMESPACE}/${name}`, state: { inputs, outputs } };
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
        await cluster.kubectl("delete", "serviceaccount", made.id.split("/")[1]!, "-n", NAMESPACE);
        expect(await provider.read(made.ctx, made.id, made.state)).toBeUndefined();
        await change(made, { metadata: { labels: { a: "1" } } });
        expect(made.ctx.messages.join()).toContain("made again");
        expect(await provider.read(made.ctx, made.id, made.state)).toBeDefined();
    });
});

describe("waiting", () => {
    it(
        "sees a Deployment roll out, and says of an image that there is not that it cannot be pulled",
        async () => {
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
            expect(error.message).toMatch(
                /container "main" of pod .* cannot pull its image \(localhost:1\/nowhere:1\)/,
            );
            expect((await provider.read(made.ctx, made.id, made.state))!.initErrors).toHaveLength(1);
        },
        2 * MINUTE,
    );

    it(
        "says how a container that crashes ends, with its last lines",
        async () => {
            const error = await unready(
                "apps/v1:Deployment",
                deployment({ command: ["sh", "-c", "echo no database here; exit 3"] }),
            );
            expect(error.message).toMatch(
                /fails again and again: exit code 3, restarted 3 times\nLast log lines:\n {2}no database here/,
            );
        },
        3 * MINUTE,
    );

    it(
        "says which key of a Secret is missing",
        async () => {
            const env = [{ name: "A", valueFrom: { secretKeyRef: { name: "not-there", key: "k" } } }];
            const error = await unready("apps/v1:Deployment", deployment({ ...SLEEP, env }));
            expect(error.message).toMatch(/cannot be configured: secret "not-there" not found/);
        },
        MINUTE,
    );

    it(
        "says why no node can run a pod",
        async () => {
            const error = await unready(
                "apps/v1:StatefulSet",
                {
                    spec: {
                        ...(deployment({ ...SLEEP, resources: { requests: { cpu: "4000" } } }).spec as PropertyMap),
                        serviceName: "s",
                    },
                },
                { timeoutSeconds: 8 },
            );
            expect(error.message).toMatch(/not ready after 8 s: no node can run pod .*Insufficient cpu/);
        },
        MINUTE,
    );

    it(
        "says which quota refuses a pod",
        async () => {
            await make("core/v1:ResourceQuota", { spec: { hard: { "count/pods": "1000", "requests.memory": "1Mi" } } });
            const container = { ...SLEEP, resources: { requests: { memory: "64Mi" } } };
            const error = await unready("apps/v1:Deployment", deployment(container));
            expect(error.message).toMatch(/refused by a quota: exceeded quota.*requests\.memory/);
            const set = await unready("apps/v1:StatefulSet", {
                spec: { ...(deployment(container).spec as PropertyMap), serviceName: "s" },
            });
            expect(set.message).toMatch(/refused by a quota: .*exceeded quota/);
        },
        2 * MINUTE,
    );

    it(
        "says of a pod that the namespace's security level refuses why",
        async () => {
            const namespace = await make("core/v1:Namespace", {
                metadata: {
                    name: `${NAMESPACE}-restricted`,
                    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
                },
            });
            const error = await unready("apps/v1:Deployment", {
                ...deployment(SLEEP),
                metadata: { namespace: namespace.id },
            });
            expect(error.message).toMatch(/its pods are refused: violates PodSecurity "restricted/);
        },
        MINUTE,
    );

    it(
        "sees a Job complete, and says how one failed",
        async () => {
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
            const made = await make("batch/v1:Job", job("true"));
            expect(made.state.outputs.status).toMatchObject({ succeeded: 1 });
            const error = await unready("batch/v1:Job", job("echo column missing; exit 4"));
            expect(error.message).toMatch(
                /it failed \(BackoffLimitExceeded\).*exit code 4\nLast log lines:\n {2}column missing/s,
            );
        },
        MINUTE,
    );

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

    it(
        "waits for what pulumi.com/waitFor says",
        async () => {
            const made = await make("core/v1:Pod", {
                metadata: { annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=Succeeded" } },
                spec: { ...(podTemplate({}, { command: ["sleep", "2"] }).spec as PropertyMap), restartPolicy: "Never" },
            });
            expect(made.state.outputs.status).toMatchObject({ phase: "Succeeded" });
        },
        MINUTE,
    );

    it(
        "waits at the end of a run for a Service's endpoints, and not before",
        async () => {
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
                .poll(async () => cluster.kubectl("get", "pods", "-n", NAMESPACE, "-l", "app=settled", "-o", "name"))
                .not.toBe("");
            const [unsettled] = await provider.settle!(signal);
            expect(unsettled!.message).toMatch(/Service .* none of its 1 pods is ready/);
        },
        MINUTE,
    );

    it(
        "stops at once when the run does",
        async () => {
            const controller = new AbortController();
            const ctx = contextOf("apps/v1:Deployment", { signal: controller.signal });
            const inputs = await checked(
                ctx,
                deployment({ ...SLEEP, readinessProbe: { exec: { command: ["false"] } } }),
            );
            const work = failureOf(provider.create(ctx, inputs));
            setTimeout(() => controller.abort(), 1000);
            const start = Date.now();
            expect(await work).not.toBeInstanceOf(NotReadyError);
            expect(Date.now() - start).toBeLessThan(3000);
            const again = { ...ctx, signal: new AbortController().signal };
            const found = (await provider.recover(again, inputs))!;
            expect(found.initErrors).toHaveLength(1);
            await remove({ ctx: again, id: found.id, state: { inputs, outputs: found.outputs } });
            expect(await provider.recover(again, inputs)).toBeUndefined();
        },
        MINUTE,
    );
});

describe("custom resources", () => {
    it(
        "can be made as soon as their definition is, in the same run",
        async () => {
            const group = `${NAMESPACE}.groundwork.dev`;
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
        },
        MINUTE,
    );

    it(
        "of a kind that the cluster does not have are refused by name",
        async () => {
            const ctx = contextOf("nowhere.groundwork.dev/v1:Gadget");
            const inputs = await checked(ctx, {});
            const error = await failureOf(provider.create(ctx, inputs));
            expect(error).toBeInstanceOf(NothingMadeError);
            expect(error.message).toMatch(/no kind Gadget in nowhere\.groundwork\.dev\/v1.*CustomResourceDefinition/);
            expect(await provider.read(ctx, "x/y", undefined)).toBeUndefined();
        },
        MINUTE,
    );
});

describe("deleting", () => {
    it("says which finalizer holds an object", async () => {
        const made = await make(
            "core/v1:ConfigMap",
            { metadata: { finalizers: ["groundwork.dev/hold"] } },
            { timeoutSeconds: 2 },
        );
        const error = await failureOf(remove(made));
        expect(error.message).toMatch(/not gone after 2 s: held by the finalizer groundwork\.dev\/hold/);
        await cluster.kubectl(
            "patch",
            "configmap",
            made.id.split("/")[1]!,
            "-n",
            NAMESPACE,
            "--type=json",
            `-p=[{"op":"remove","path":"/metadata/finalizers"}]`,
        );
        await remove(made);
    });

    it("leaves alone what has taken the place of the object", async () => {
        const made = await make("core/v1:ConfigMap", { metadata: { name: "other" } });
        await cluster.kubectl("delete", "configmap", "other", "-n", NAMESPACE);
        await cluster.kubectl("create", "configmap", "other", "-n", NAMESPACE);
        await remove(made);
        expect(made.ctx.messages.join()).toContain("left alone");
        expect(await live("configmap", "other")).toBeDefined();
    });

    it(
        "waits until a Deployment's pods are gone, and says what uses a claim",
        async () => {
            const claim = await make(
                "core/v1:PersistentVolumeClaim",
                { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } } },
                { timeoutSeconds: 3 },
            );
            const news = deployment({ ...SLEEP, volumeMounts: [{ name: "v", mountPath: "/v" }] });
            const template = (news.spec as PropertyMap).template as PropertyMap;
            (template.spec as PropertyMap).volumes = [
                { name: "v", persistentVolumeClaim: { claimName: claim.id.split("/")[1]! } },
            ];
            const made = await make("apps/v1:Deployment", news);
            expect((await failureOf(remove(claim))).message).toMatch(/still used by pod/);
            await remove(made);
            expect(
                await cluster.kubectl(
                    "get",
                    "pods",
                    "-n",
                    NAMESPACE,
                    "-l",
                    `app=${(template.metadata as { labels: { app: string } }).labels.app}`,
                    "-o",
                    "name",
                ),
            ).toBe("");
        },
        2 * MINUTE,
    );
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
