/** What keeps pods from becoming ready. */
import type { CoreV1Event, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";

import { schedulingTrouble } from "./scheduling";
import type { Trouble } from "./verdict";

/** Restarts that make a loop: with the kubelet's growing pauses, more than half a minute of failing. */
const RESTART_LOOP = 3;

const SECOND = 1000;

/** What a busy kubelet says before it has seen the Secrets and ConfigMaps of a pod: nothing is known to be wrong yet. */
const NOT_LOOKED = /failed to sync (secret|configmap) cache/;

/** Reasons to wait that do not pass by themselves, with how long they may last; a registry or another object may be late. */
const STUCK: Record<string, { patience: number; says: string }> = {
    InvalidImageName: { patience: 0, says: "has an invalid image name" },
    ErrImageNeverPull: { patience: 0, says: "has an image that is not on the node and is never pulled" },
    ImagePullBackOff: { patience: 10 * SECOND, says: "cannot pull its image" },
    ErrImagePull: { patience: 30 * SECOND, says: "cannot pull its image" },
    ImageInspectError: { patience: 10 * SECOND, says: "has an image that cannot be read" },
    CreateContainerConfigError: { patience: 10 * SECOND, says: "cannot be configured" },
    CreateContainerError: { patience: 20 * SECOND, says: "cannot be created" },
    RunContainerError: { patience: 20 * SECOND, says: "cannot be started" },
};

/**
 * What keeps one pod from running.
 * @param events of its namespace; only those of a pod that no node can run are looked at
 * @param loops whether a container that fails again and again counts: a Job counts its failures itself
 */
export function troublesOf(pod: V1Pod, events: CoreV1Event[], loops = true): Trouble[] {
    if (pod.metadata?.deletionTimestamp || pod.status?.phase === "Succeeded") return [];
    const scheduling = schedulingTrouble(pod, events);
    if (scheduling) return [scheduling];
    const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
    return containers.flatMap((container) => troubleOf(pod, container, loops) ?? []);
}

function troubleOf(pod: V1Pod, status: V1ContainerStatus, loops: boolean): Trouble | undefined {
    const { waiting, terminated } = status.state ?? {};
    const reason = waiting?.reason ?? "";
    const who = `container "${status.name}" of pod ${nameOf(pod)}`;
    const stuck = STUCK[reason];
    if (stuck && !NOT_LOOKED.test(waiting?.message ?? "")) {
        const image = /image/i.test(reason) ? ` (${status.image})` : "";
        return {
            key: `${status.name} ${reason}`,
            text: `${who} ${stuck.says}${image}: ${waiting?.message ?? reason}`,
            patience: stuck.patience,
        };
    }
    const last = terminated ?? status.lastState?.terminated;
    const failing = reason === "CrashLoopBackOff" || (terminated !== undefined && terminated.exitCode !== 0);
    if (!loops || !failing || !last || status.restartCount < RESTART_LOOP) return undefined;
    return {
        key: `${status.name} crash loop`,
        text: `${who} fails again and again: ${ending(last)}, restarted ${status.restartCount} times`,
        patience: 0,
        logs: { pod: nameOf(pod), container: status.name, previous: terminated === undefined },
    };
}

/** How a container ended, e.g. `exit code 137 (killed for using more memory than its limit)`. */
function ending({ exitCode, reason, message }: { exitCode: number; reason?: string; message?: string }): string {
    const why =
        reason === "OOMKilled"
            ? " (killed for using more memory than its limit)"
            : exitCode === 127
              ? " (its command was not found)"
              : exitCode === 126
                ? " (its command cannot be executed)"
                : exitCode > 128 && exitCode < 160
                  ? ` (signal ${exitCode - 128})`
                  : "";
    return `exit code ${exitCode}${why}${message ? `: ${message.trim()}` : ""}`;
}

/** The container whose last lines tell most about a pod that failed. */
export function failedContainer(pod: V1Pod): { name: string; ending: string; previous: boolean } | undefined {
    const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
    for (const { name, state, lastState } of statuses) {
        if (state?.terminated && state.terminated.exitCode !== 0)
            return { name, ending: ending(state.terminated), previous: false };
        if (!state?.terminated && lastState?.terminated && lastState.terminated.exitCode !== 0)
            return { name, ending: ending(lastState.terminated), previous: true };
    }
    return undefined;
}

export function isReady(pod: V1Pod): boolean {
    return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
}

export function nameOf(object: { metadata?: { name?: string } }): string {
    return object.metadata?.name ?? "";
}

/** Those that an object controls. */
export function controlledBy<T extends { metadata?: { ownerReferences?: { uid: string; controller?: boolean }[] } }>(
    objects: T[],
    uid: string,
): T[] {
    return objects.filter(({ metadata }) => metadata?.ownerReferences?.some((owner) => owner.uid === uid));
}
