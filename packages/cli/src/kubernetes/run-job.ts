/** Jobs that `gw` itself has run, and waits for. */
import { setTimeout as sleep } from "node:timers/promises";

import { Answer } from "../backups/outcome";
import type { OnLog, Outcome } from "../backups/toolbox";
import { FailedError } from "../errors";
import type { Cluster } from "./client";
import { found } from "./errors";
import { type PodContainer, streamLogs } from "./logs";
import type { V1Job, V1Pod } from "./types";

export interface JobName {
    name: string;
    namespace: string;
}

/** Most seconds for a node, its image and its volumes. */
const START_SECONDS = 300;
const LOOK_AGAIN_MS = 300;

/** How often, and how far apart, a log is asked for. */
const LOG_TRIES = 5;
const LOG_PAUSE_MS = 2_000;

export async function createJob({ batch }: Cluster, job: V1Job): Promise<void> {
    await batch.createNamespacedJob({ namespace: job.metadata!.namespace!, body: job });
}

/** Ends it with its pods, and waits until they are gone. */
export async function endJob(cluster: Cluster, { name, namespace }: JobName): Promise<void> {
    await found(() => cluster.batch.deleteNamespacedJob({ name, namespace, propagationPolicy: "Foreground" }));
    while (await found(() => cluster.batch.readNamespacedJob({ name, namespace }))) await sleep(LOOK_AGAIN_MS);
}

/** Starts it where it is suspended, and reads what its one pod says until it ends. */
export async function watchJob(cluster: Cluster, job: JobName, onLog: OnLog): Promise<Outcome> {
    const options = cluster.client.setHeaderOptions("Content-Type", "application/merge-patch+json");
    await cluster.batch.patchNamespacedJob({ ...job, body: { spec: { suspend: false } } }, options);
    const { metadata, spec } = await startedPod(cluster, job);
    const container = spec!.containers[0]!.name;
    const at = { namespace: job.namespace, pod: metadata!.name!, container };
    // For who watches. A connection that breaks, or is ended, ends that alone: the answer is what the whole log says.
    const live = new Answer(onLog);
    await streamLogs(cluster, at, { tail: "all", follow: true }, (line) => live.add(line)).catch(() => undefined);
    const exitCode = await exitCodeOf(cluster, at);
    const answer = await wholeLog(cluster, at);
    return answer.outcome(exitCode);
}

/** The log of a container that has ended. */
async function wholeLog(cluster: Cluster, at: PodContainer): Promise<Answer> {
    for (let left = LOG_TRIES; ; left -= 1) {
        const answer = new Answer();
        try {
            await streamLogs(cluster, at, { tail: "all", follow: false }, (line) => answer.add(line));
            return answer;
        } catch (error) {
            if (left === 1) throw error;
        }
        await sleep(LOG_PAUSE_MS);
    }
}

async function exitCodeOf({ core }: Cluster, { pod: name, namespace, container }: PodContainer): Promise<number> {
    for (;;) {
        const ended = stateOf(await core.readNamespacedPod({ name, namespace }), container)?.terminated;
        if (ended) return ended.exitCode;
        await sleep(LOOK_AGAIN_MS);
    }
}

async function startedPod({ core }: Cluster, { name, namespace }: JobName): Promise<V1Pod> {
    const until = Date.now() + START_SECONDS * 1000;
    for (;;) {
        const labelSelector = `batch.kubernetes.io/job-name=${name}`;
        const [pod] = (await core.listNamespacedPod({ namespace, labelSelector })).items;
        const state = pod && stateOf(pod, pod.spec!.containers[0]!.name);
        if (pod && (state?.running ?? state?.terminated)) return pod;
        if (Date.now() > until) {
            const scheduled = pod?.status?.conditions?.find(({ type }) => type === "PodScheduled");
            const reason = state?.waiting?.message ?? state?.waiting?.reason ?? scheduled?.message ?? "it has no pod";
            throw new FailedError(
                `The Job ${name} has not started after ${START_SECONDS} s: ${reason}.`,
                `kubectl -n ${namespace} describe job ${name} says more; the same command goes on.`,
            );
        }
        await sleep(LOOK_AGAIN_MS);
    }
}

function stateOf({ status }: V1Pod, container: string) {
    return status?.containerStatuses?.find(({ name }) => name === container)?.state;
}
