/** The kubernetes provider on a real cluster, in a namespace of its own: what the tests of it share. */
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";

import { NotReadyError, type PropertyMap, type ProviderContext } from "../../../../packages/engine/src/provider";
import { kubernetesProvider as provider } from "../../../../packages/engine/src/providers/kubernetes";
import { ensureCluster, type Cluster } from "../cluster/cluster";

export const CANARY = "canary-4f1d0c";
const MINUTE = 60_000;

export let cluster: Cluster;
/** The namespace of the file that runs: the one before goes away meanwhile. */
export let namespace: string;
export let counter = 0;
let files = 0;

export interface TestContext extends ProviderContext {
    messages: string[];
}

export function contextOf(type: string, extra: Partial<ProviderContext> = {}): TestContext {
    const messages: string[] = [];
    return {
        urn: `urn:pulumi:test::${namespace}::kubernetes:${type}::thing-${++counter}`,
        name: `thing-${counter}`,
        type: `kubernetes:${type}`,
        config: { kubeconfig: cluster.kubeconfig, namespace },
        log: (message) => messages.push(message),
        signal: new AbortController().signal,
        messages,
        ...extra,
    };
}

export async function checked(ctx: ProviderContext, news: PropertyMap, olds?: PropertyMap): Promise<PropertyMap> {
    const { inputs, failures } = await provider.check(ctx, olds, news, Buffer.alloc(32, counter));
    expect(failures).toEqual([]);
    return inputs;
}

export interface Made {
    ctx: TestContext;
    id: string;
    state: { inputs: PropertyMap; outputs: PropertyMap };
}

export async function make(type: string, news: PropertyMap, extra: Partial<ProviderContext> = {}): Promise<Made> {
    const ctx = contextOf(type, extra);
    const inputs = await checked(ctx, news);
    const { id, outputs } = await provider.create(ctx, inputs);
    const made = { ctx, id, state: { inputs, outputs } };
    onTestFinished(() => remove(made));
    return made;
}

export async function remove({ ctx, id, state }: Made): Promise<void> {
    await provider.delete(ctx, id, state);
}

/** What a run does with other inputs: diff, then update. */
export async function change(
    made: Made,
    news: PropertyMap,
    extra: Partial<ProviderContext> = {},
): Promise<PropertyMap> {
    const ctx = { ...made.ctx, ...extra };
    const inputs = await checked(ctx, news, made.state.inputs);
    const { outputs } = await provider.update(ctx, made.id, made.state, inputs);
    made.state = { inputs, outputs };
    return outputs;
}

export async function failureOf(action: Promise<unknown>): Promise<Error> {
    try {
        await action;
    } catch (error) {
        return error as Error;
    }
    throw new Error("It was expected to fail.");
}

/** Fails as not ready, and is removed when the test ends. */
export async function unready(
    type: string,
    news: PropertyMap,
    extra: Partial<ProviderContext> = {},
): Promise<NotReadyError> {
    const ctx = contextOf(type, extra);
    const inputs = await checked(ctx, news);
    const error = await failureOf(provider.create(ctx, inputs));
    if (!(error instanceof NotReadyError)) throw error;
    onTestFinished(() => remove({ ctx, id: error.id, state: { inputs, outputs: error.outputs } }));
    return error;
}

export function podTemplate(labels: Record<string, string>, container: PropertyMap): PropertyMap {
    return {
        metadata: { labels },
        spec: {
            terminationGracePeriodSeconds: 0,
            containers: [{ name: "main", image: cluster.toolsImage, imagePullPolicy: "IfNotPresent", ...container }],
        },
    };
}

export function deployment(container: PropertyMap): PropertyMap {
    const labels = { app: `app-${counter + 1}` };
    return {
        spec: { replicas: 1, selector: { matchLabels: labels }, template: podTemplate(labels, container) },
    };
}

export const SLEEP: PropertyMap = { command: ["sleep", "3600"] };

export async function live(kind: string, name: string): Promise<Record<string, never>> {
    return JSON.parse(await cluster.kubectl("get", kind, name, "-n", namespace, "-o", "json")) as Record<string, never>;
}

/** For each file: its namespace comes before its tests and goes after them. */
export function onCluster(): void {
    beforeAll(async () => {
        cluster = await ensureCluster();
        namespace = `gw-provider-${process.pid}-${++files}`;
        await cluster.kubectl("create", "namespace", namespace);
    }, 20 * MINUTE);

    afterAll(async () => {
        await cluster?.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
    });
}
