/** What a pod does between being told to stop and its end. */
import type { core } from "@pulumi/kubernetes/types/input";

import type { WorkloadSpec } from "../../components/spec";
import type { EdgeServiceOptions } from "./services";

/** How long a pod goes on serving after it is told to stop, while the stack's own pods hear that it is out of the Services. */
const DRAIN_SECONDS = 10;

/** A store has one pod: who asks it waits for the next. From outside comes who is slower to hear of a pod's end than the cluster. */
export function drainSeconds(
    { exclusive, ports }: Pick<WorkloadSpec, "exclusive" | "ports">,
    edge: Pick<EdgeServiceOptions, "drainSeconds">,
): number {
    if (exclusive === "data" || ports.length === 0) {
        return 0;
    }
    return ports.some((port) => port.publish) ? edge.drainSeconds : DRAIN_SECONDS;
}

interface Stop {
    drainSeconds: number;
    /** What then ends it. Default: SIGTERM. */
    stopSignal?: string;
}

/**
 * The kubelet sends SIGTERM, unless the image says otherwise, when this is over. A process that wants another signal gets it here, and the
 * rest of the grace period to itself: a second signal would tell it to be quick.
 */
export function preStop(
    { stopGraceSeconds }: Pick<WorkloadSpec, "stopGraceSeconds">,
    { drainSeconds, stopSignal = "SIGTERM" }: Stop,
): core.v1.LifecycleHandler {
    if (stopSignal === "SIGTERM") {
        return { sleep: { seconds: drainSeconds } };
    }
    const signal = stopSignal.replace(/^SIG/, "");
    const script = `sleep ${drainSeconds}; kill -${signal} 1; exec sleep ${stopGraceSeconds}`;
    return { exec: { command: ["sh", "-c", script] } };
}
