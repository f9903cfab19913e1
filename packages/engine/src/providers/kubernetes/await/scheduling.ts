/** Pods that no node can run, in a cluster that may get another one. */
import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";

import { timeOf } from "./rejection";
import type { Trouble } from "./verdict";

const SECOND = 1000;

/** Where nothing says that a node will come: time for another pod to go, and for an autoscaler to look. */
const PATIENCE = 45 * SECOND;
/** A cloud takes one to three minutes for a node that was ordered; as long as the program gives a workload to be scheduled. */
const NODE_PATIENCE = 300 * SECOND;
/** Claims that are being bound are no reason yet. */
const BINDING = /unbound immediate PersistentVolumeClaims|binding volumes/;
const BINDING_PATIENCE = 120 * SECOND;

/** What is said of a pod for which a node is on its way, by the cluster autoscaler and by Karpenter. */
const COMING = /^(TriggeredScaleUp|Nominated)$/;
/** And what takes that back. */
const NOT_COMING = "NotTriggerScaleUp";

export function isUnschedulable(pod: V1Pod): boolean {
    return unscheduled(pod) !== undefined;
}

/** @param events of the pod's namespace */
export function schedulingTrouble(pod: V1Pod, events: CoreV1Event[]): Trouble | undefined {
    const condition = unscheduled(pod);
    if (!condition) return undefined;
    const why = condition.message ?? "the scheduler does not say why";
    const name = pod.metadata?.name ?? "";
    const coming = lastWord(pod, events);
    // One key for all pods of a workload: they come and go, the reason stays. Another for those that wait for a node, whose time counts on
    // its own.
    if (coming)
        return {
            key: "Unschedulable, node coming",
            text: `no node can run pod ${name} yet, but one is coming (${coming.reason}: ${coming.message ?? "no details given"}): ${why}`,
            patience: NODE_PATIENCE,
        };
    return {
        key: "Unschedulable",
        text: `no node can run pod ${name}: ${why}`,
        patience: BINDING.test(why) ? BINDING_PATIENCE : PATIENCE,
    };
}

function unscheduled({ status }: V1Pod) {
    return status?.conditions?.find(
        ({ type, status: is, reason }) => type === "PodScheduled" && is === "False" && reason === "Unschedulable",
    );
}

/** The last that was said of a node for the pod, if it is that one comes. */
function lastWord(pod: V1Pod, events: CoreV1Event[]): CoreV1Event | undefined {
    const last = events
        .filter(
            ({ involvedObject, reason = "" }) =>
                involvedObject.uid === pod.metadata?.uid && (COMING.test(reason) || reason === NOT_COMING),
        )
        .toSorted((a, b) => timeOf(a) - timeOf(b))
        .at(-1);
    return last?.reason === NOT_COMING ? undefined : last;
}
