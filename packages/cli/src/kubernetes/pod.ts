/** What a pod does, as a replica. Pure. */
import type { Replica } from "../runtime/status";
import { quantity } from "@groundwork/policies/kubernetes/quantity";
import type { PodMetric, V1ContainerStateTerminated, V1ContainerStatus, V1Pod } from "./types";

/** While these last, a container is only on its way: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ */
const ON_ITS_WAY = new Set(["ContainerCreating", "PodInitializing"]);

type Found = Pick<Replica, "state" | "health" | "reason">;

/** @param now milliseconds since the epoch */
export function replicaOf(pod: V1Pod, metric: PodMetric | undefined, now: number): Replica {
    const container = pod.spec?.containers[0];
    const status = pod.status?.containerStatuses?.find(({ name }) => name === container?.name);
    const limits = container?.resources?.limits ?? {};
    const started = status?.state?.running?.startedAt;
    const ended = lastEnd(status);
    const found = foundOf(pod, status);
    return {
        name: pod.metadata?.name ?? "",
        id: pod.metadata?.name ?? "",
        index: ordinalOf(pod),
        ...found,
        // One that has failed for good, e.g. evicted, stays to be looked at; its controller has made another.
        ...(pod.status?.phase === "Failed" && { leaving: "replaced" as const }),
        ...(pod.metadata?.deletionTimestamp && { leaving: "terminating" as const }),
        exitCode: ended?.exitCode ?? 0,
        outOfMemory: ended?.reason === "OOMKilled",
        restarts: status?.restartCount ?? 0,
        uptimeSeconds: started ? Math.max(0, (now - started.getTime()) / 1000) : 0,
        memoryLimitBytes: quantity(limits["memory"]),
        cpuLimit: quantity(limits["cpu"]),
        ...usageOf(metric),
        ports: [],
    };
}

function foundOf(pod: V1Pod, status: V1ContainerStatus | undefined): Found {
    const unscheduled = pod.status?.conditions?.find(
        ({ type, status }) => type === "PodScheduled" && status === "False",
    );
    if (unscheduled?.reason === "Unschedulable") {
        return {
            state: "unschedulable",
            health: "none",
            reason: `has no node to run on: ${oneLine(unscheduled.message)}`,
        };
    }
    if (pod.status?.reason === "Evicted") {
        return { state: "exited", health: "none", reason: `was evicted: ${oneLine(pod.status.message)}` };
    }
    const { waiting, terminated, running } = status?.state ?? {};
    if (waiting && !ON_ITS_WAY.has(waiting.reason ?? "")) {
        return { state: "waiting", health: "none", reason: waitingReason(waiting.reason, waiting.message, status!) };
    }
    if (terminated) return { state: "exited", health: "none", reason: endOf(terminated) };
    if (!running) return { state: "starting", health: "starting", reason: volumeTrouble(pod) };
    if (status?.ready) return { state: "running", health: "healthy" };
    // Until the startup probe has said yes once, nobody asks whether it is ready.
    if (status?.started !== true) return { state: "running", health: "starting", reason: againOf(status) };
    return { state: "running", health: "unhealthy", reason: againOf(status) ?? "its readiness probe says no" };
}

/** The volumes that a pod waits for are named in this condition while it has not got them. */
function volumeTrouble(pod: V1Pod): string | undefined {
    const waits = pod.status?.conditions?.find(
        ({ type, status, message }) => type === "PodReadyToStartContainers" && status === "False" && message,
    );
    return waits?.message && oneLine(waits.message);
}

function waitingReason(reason = "", message: string | undefined, status: V1ContainerStatus): string {
    const ended = lastEnd(status);
    switch (reason) {
        case "CrashLoopBackOff":
            return `is started again and again (CrashLoopBackOff, ${status.restartCount} times): ${ended ? endOf(ended) : oneLine(message)}`;
        case "ImagePullBackOff":
        case "ErrImagePull":
        case "ErrImageNeverPull":
        case "InvalidImageName":
            return `its image ${status.image} cannot be had (${reason}): ${oneLine(message)}`;
        default:
            return `waits (${reason || "for an unknown reason"})${message ? `: ${oneLine(message)}` : ""}`;
    }
}

/** A container that runs again says nothing of why it had to. */
function againOf(status: V1ContainerStatus | undefined): string | undefined {
    const ended = status?.lastState?.terminated;
    return ended && `was started again: it ${endOf(ended)}`;
}

function endOf({ reason, exitCode, signal, message }: V1ContainerStateTerminated): string {
    if (reason === "OOMKilled") return "was killed for using more than its memory limit (OOMKilled)";
    const how = signal ? `signal ${signal}` : `exit code ${exitCode}`;
    const said = message ? `: ${oneLine(message)}` : "";
    return `ended with ${how}${reason && reason !== "Error" && reason !== "Completed" ? ` (${reason})` : ""}${said}`;
}

function lastEnd(status: V1ContainerStatus | undefined): V1ContainerStateTerminated | undefined {
    return status?.state?.terminated ?? status?.lastState?.terminated;
}

/** `postgres-0` of a StatefulSet is 0; pods of a Deployment have no number. */
function ordinalOf(pod: V1Pod): number {
    const ofSet = pod.metadata?.ownerReferences?.some(({ kind }) => kind === "StatefulSet");
    return ofSet ? Number(/-(\d+)$/.exec(pod.metadata?.name ?? "")?.[1] ?? 0) : 0;
}

function usageOf(metric: PodMetric | undefined): { memoryBytes?: number; cpu?: number } {
    if (!metric) return {};
    const sum = (of: "cpu" | "memory"): number =>
        metric.containers.reduce((total, { usage }) => total + quantity(usage[of]), 0);
    return { memoryBytes: sum("memory"), cpu: sum("cpu") };
}

function oneLine(text = ""): string {
    return text.replace(/\s+/g, " ").trim().slice(0, 300) || "it does not say why";
}
