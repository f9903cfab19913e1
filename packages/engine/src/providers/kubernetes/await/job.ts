/** A Job is ready when it is complete. */
import type { V1Job, V1Pod } from "@kubernetes/client-node";

import { controlledBy, failedContainer, nameOf, troublesOf } from "./pods";
import { rejections } from "./rejection";
import { failed, READY, waiting, type Judge } from "./verdict";

export const job: Judge = async (view) => {
    const { spec, status } = view.live as unknown as V1Job;
    const is = (type: string) => status?.conditions?.find((each) => each.type === type && each.status === "True");
    if (is("Complete")) return READY;
    if (spec?.suspend) return { ready: true, note: "it is suspended" };
    const pods = controlledBy(
        await view.list<V1Pod>({ group: "", version: "v1", kind: "Pod" }),
        view.live.metadata.uid,
    );
    const failure = is("Failed") ?? is("FailureTarget");
    if (failure) return jobFailed(failure, pods);
    const wanted = spec?.completions ?? 1;
    if (spec?.completionMode !== "Indexed" && pods.filter(hasSucceeded).length >= wanted) return READY;
    const { succeeded = 0, failed: failures = 0, active = 0 } = status ?? {};
    const text = `${succeeded} of ${wanted} pods have completed, ${active} ${active === 1 ? "runs" : "run"}${failures > 0 ? `, ${failures} failed` : ""}`;
    const events = pods.length === 0 ? await view.list({ group: "", version: "v1", kind: "Event" }) : [];
    const refused = rejections(events as unknown as Parameters<typeof rejections>[0], view.live.metadata.uid, 0);
    return waiting(text, [...refused, ...pods.flatMap((pod) => troublesOf(pod, false))]);
};

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
