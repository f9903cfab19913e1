/** A Job is ready when it is complete. */
import type { CoreV1Event, V1Job, V1Pod } from "@kubernetes/client-node";

import { controlledBy, failedContainer, nameOf, troublesOf } from "./pods";
import { rejections } from "./rejection";
import { isUnschedulable } from "./scheduling";
import { failed, READY, waiting, type Judge } from "./verdict";

export const job: Judge = async (view) => {
    const live = view.live as unknown as V1Job;
    const { spec, status } = live;
    if (conditionOf(live, "Complete")) return READY;
    if (spec?.suspend) return { ready: true, note: "it is suspended" };
    const pods = controlledBy(
        await view.list<V1Pod>({ group: "", version: "v1", kind: "Pod" }),
        view.live.metadata.uid,
    );
    const failure = failureOf(live);
    if (failure) return jobFailed(failure, pods);
    const wanted = spec?.completions ?? 1;
    if (spec?.completionMode !== "Indexed" && pods.filter(hasSucceeded).length >= wanted) return READY;
    const { succeeded = 0, failed: failures = 0, active = 0 } = status ?? {};
    const text = `${succeeded} of ${wanted} pods have completed, ${active} ${active === 1 ? "runs" : "run"}${failures > 0 ? `, ${failures} failed` : ""}`;
    const told = pods.length === 0 || pods.some(isUnschedulable);
    const events = told ? await view.list<CoreV1Event>({ group: "", version: "v1", kind: "Event" }) : [];
    const refused = pods.length === 0 ? rejections(events, view.live.metadata.uid, 0) : [];
    return waiting(text, [...refused, ...pods.flatMap((pod) => troublesOf(pod, events, false))]);
};

/** Says why a Job has failed, or is about to: its last pods are being ended. Undefined: it may still complete. */
export function failureOf(job: V1Job): { reason?: string; message?: string } | undefined {
    return conditionOf(job, "Failed") ?? conditionOf(job, "FailureTarget");
}

function conditionOf({ status }: V1Job, type: string) {
    return status?.conditions?.find((each) => each.type === type && each.status === "True");
}

/** The pod has done its work. The Job's own status says so seconds later: its controller gathers what happens, and counts in two steps. */
function hasSucceeded({ status }: V1Pod): boolean {
    return status?.phase === "Succeeded";
}

function jobFailed(failure: { reason?: string; message?: string }, pods: V1Pod[]) {
    const newest = pods
        .filter((pod) => failedContainer(pod))
        .toSorted((a, b) => age(a) - age(b))
        .at(-1);
    const container = newest && failedContainer(newest);
    const how = container ? `; container "${container.name}" of pod ${nameOf(newest)}: ${container.ending}` : "";
    return failed(
        "failed",
        `it failed (${failure.reason ?? "no reason given"}): ${failure.message ?? "no message"}${how}`,
        container && { pod: nameOf(newest), container: container.name, previous: container.previous },
    );
}

function age(pod: V1Pod): number {
    return new Date(pod.metadata?.creationTimestamp ?? 0).getTime();
}
