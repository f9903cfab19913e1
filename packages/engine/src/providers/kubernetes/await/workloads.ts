/** Workloads whose pods run for good: ready when all of them are of the new kind, and available. */
import type {
    CoreV1Event,
    V1DaemonSet,
    V1Deployment,
    V1DeploymentCondition,
    V1Pod,
    V1ReplicaSet,
    V1StatefulSet,
} from "@kubernetes/client-node";

import type { Kind } from "../type";
import { controlledBy, isReady, nameOf, troublesOf } from "./pods";
import { rejection, rejections, timeOf } from "./rejection";
import { isUnschedulable } from "./scheduling";
import { failed, READY, waiting, type Judge, type Trouble, type View } from "./verdict";

const POD: Kind = { group: "", version: "v1", kind: "Pod" };
const EVENT: Kind = { group: "", version: "v1", kind: "Event" };
const REPLICA_SET: Kind = { group: "apps", version: "v1", kind: "ReplicaSet" };

/** Clocks of this machine and of the cluster may differ by this much, in milliseconds. */
const CLOCK_SKEW = 60_000;

/** When a pod whose containers are being made is worth a look at its events, in milliseconds. */
const LATE = 10_000;
const OBSTACLE = /^Failed(Mount|AttachVolume|CreatePodSandBox|MapVolume)$/;
/** Volumes are attached in their own time. */
const OBSTACLE_PATIENCE = 60_000;

/** What keeps an old pod from being replaced may pass, in milliseconds; longer where its own trouble may. */
const OLD_POD_PATIENCE = 30_000;

/** As `kubectl rollout status` has it. */
export const deployment: Judge = async (view) => {
    const { spec, status } = view.live as unknown as V1Deployment;
    const wanted = spec?.replicas ?? 1;
    if (!isObserved(view, status?.observedGeneration)) return waiting("the Deployment controller has not seen it yet");
    const progressing = status?.conditions?.find(({ type }) => type === "Progressing");
    const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status ?? {};
    if (updatedReplicas >= wanted && replicas <= updatedReplicas && availableReplicas >= updatedReplicas) return READY;
    if (spec?.paused) return { ready: true, note: "its rollout is paused" };
    const text =
        updatedReplicas < wanted
            ? `${updatedReplicas} of ${wanted} new pods are made`
            : replicas > updatedReplicas
              ? `${replicas - updatedReplicas} old pods are to go`
              : `${availableReplicas} of ${updatedReplicas} pods are available`;
    const refused = status?.conditions?.find(({ type, status: is }) => type === "ReplicaFailure" && is === "True");
    const pods = await newPods(view);
    const troubles = [
        ...(refused ? [rejection(refused.message ?? "no reason given")] : []),
        ...(await allTroubles(view, pods)),
    ];
    if (progressing?.reason === "ProgressDeadlineExceeded" && isOfThisWait(view, progressing))
        troubles.push({ key: "deadline", text: `it made no progress: ${text}`, patience: 0 });
    return waiting(text, troubles);
};

/**
 * Not what the run before ended with: what kept the pods from becoming ready may have been mended since. Where it has not been, they themselves
 * say so.
 */
function isOfThisWait({ since }: View, { lastUpdateTime }: V1DeploymentCondition): boolean {
    return lastUpdateTime === undefined || new Date(lastUpdateTime).getTime() >= since;
}

/** Pods of a Deployment's newest ReplicaSet. */
async function newPods(view: View): Promise<V1Pod[]> {
    const revision = view.live.metadata.annotations?.["deployment.kubernetes.io/revision"];
    const sets = controlledBy(await view.list<V1ReplicaSet>(REPLICA_SET), view.live.metadata.uid);
    const newest = sets.find(
        ({ metadata }) => metadata?.annotations?.["deployment.kubernetes.io/revision"] === revision,
    );
    return newest?.metadata?.uid ? controlledBy(await view.list<V1Pod>(POD), newest.metadata.uid) : [];
}

export const statefulSet: Judge = async (view) => {
    const { spec, status } = view.live as unknown as V1StatefulSet;
    const wanted = spec?.replicas ?? 1;
    if (!isObserved(view, status?.observedGeneration)) return waiting("the StatefulSet controller has not seen it yet");
    const { readyReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = status ?? {};
    const onDelete = spec?.updateStrategy?.type === "OnDelete";
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    const toUpdate = onDelete ? 0 : Math.max(0, wanted - partition);
    const isUpdated = updatedReplicas >= toUpdate || currentRevision === updateRevision;
    if (isUpdated && readyReplicas >= wanted && (status?.replicas ?? 0) <= wanted) return READY;
    const pods = controlledBy(await view.list<V1Pod>(POD), view.live.metadata.uid);
    const events = await view.list<CoreV1Event>(EVENT);
    const troubles = [
        ...(pods.length < wanted ? rejections(events, view.live.metadata.uid, appliedAt(view)) : []),
        ...oldPodInTheWay(pods, events, updateRevision),
        ...(await allTroubles(view, pods)),
    ];
    const text = isUpdated
        ? `${readyReplicas} of ${wanted} pods are ready`
        : `${updatedReplicas} of ${toUpdate} pods are of the new revision`;
    return waiting(text, troubles);
};

/** A pod of an earlier revision that never becomes ready holds up the rollout: the controller waits for it, and does not replace it. */
function oldPodInTheWay(pods: V1Pod[], events: CoreV1Event[], revision: string | undefined): Trouble[] {
    return pods
        .filter((pod) => revision !== undefined && pod.metadata?.labels?.["controller-revision-hash"] !== revision)
        .map((pod) => ({ pod, troubles: isReady(pod) ? [] : troublesOf(pod, events) }))
        .filter(({ troubles }) => troubles.length > 0)
        .map(({ pod, troubles }) => ({
            key: "old pod",
            text: `pod ${nameOf(pod)} is of an earlier revision and not ready, so that Kubernetes does not replace it: remove it with "kubectl delete pod ${nameOf(pod)} -n ${pod.metadata?.namespace}"`,
            patience: Math.max(OLD_POD_PATIENCE, ...troubles.map(({ patience }) => patience)),
        }));
}

export const daemonSet: Judge = async (view) => {
    const { spec, status } = view.live as unknown as V1DaemonSet;
    if (!isObserved(view, status?.observedGeneration)) return waiting("the DaemonSet controller has not seen it yet");
    const {
        desiredNumberScheduled: wanted = 0,
        updatedNumberScheduled: updated = 0,
        numberAvailable = 0,
    } = status ?? {};
    const isUpdated = spec?.updateStrategy?.type === "OnDelete" || updated >= wanted;
    if (isUpdated && numberAvailable >= wanted) return READY;
    const pods = controlledBy(await view.list<V1Pod>(POD), view.live.metadata.uid);
    const events = await view.list<CoreV1Event>(EVENT);
    return waiting(
        isUpdated ? `${numberAvailable} of ${wanted} pods are available` : `${updated} of ${wanted} new pods are made`,
        [...rejections(events, view.live.metadata.uid, appliedAt(view)), ...(await allTroubles(view, pods))],
    );
};

/** ReplicaSets and ReplicationControllers. */
export const replicaSet: Judge = async (view) => {
    const { spec, status } = view.live as unknown as V1ReplicaSet;
    const wanted = spec?.replicas ?? 1;
    if (!isObserved(view, status?.observedGeneration)) return waiting("its controller has not seen it yet");
    const available = status?.availableReplicas ?? 0;
    if (available >= wanted) return READY;
    const refused = status?.conditions?.find(({ type, status: is }) => type === "ReplicaFailure" && is === "True");
    const pods = controlledBy(await view.list<V1Pod>(POD), view.live.metadata.uid);
    const troubles = [
        ...(refused ? [rejection(refused.message ?? "no reason given")] : []),
        ...(await allTroubles(view, pods)),
    ];
    return waiting(`${available} of ${wanted} pods are available`, troubles);
};

export const pod: Judge = async (view) => {
    const live = view.live as unknown as V1Pod;
    const phase = live.status?.phase ?? "Pending";
    if (isReady(live) || phase === "Succeeded") return READY;
    if (phase === "Failed")
        return failed(
            "failed",
            `it failed: ${live.status?.message ?? live.status?.reason ?? "a container ended with an error"}`,
        );
    return waiting(`it is ${phase.toLowerCase()}`, await allTroubles(view, [live]));
};

async function allTroubles(view: View, pods: V1Pod[]): Promise<Trouble[]> {
    const late = pods.filter(isLate);
    const told = late.length > 0 || pods.some(isUnschedulable);
    const events = told ? await view.list<CoreV1Event>(EVENT) : [];
    return [
        ...pods.flatMap((each) => troublesOf(each, events)),
        ...late.flatMap((each) => obstacle(each, events) ?? []),
    ];
}

/** Its containers are being made for so long that something may be missing, a volume for one. */
function isLate({ status, metadata }: V1Pod): boolean {
    const making = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].some(({ state }) =>
        /^(ContainerCreating|PodInitializing)$/.test(state?.waiting?.reason ?? ""),
    );
    return making && Date.now() - new Date(metadata?.creationTimestamp ?? Date.now()).getTime() > LATE;
}

/** What the kubelet says of a pod whose containers it cannot make. */
function obstacle(each: V1Pod, events: CoreV1Event[]): Trouble | undefined {
    const last = events
        .filter(
            ({ involvedObject, reason }) => involvedObject.uid === each.metadata?.uid && OBSTACLE.test(reason ?? ""),
        )
        .toSorted((a, b) => timeOf(a) - timeOf(b))
        .at(-1);
    if (!last) return undefined;
    return {
        key: `${last.reason}`,
        text: `pod ${nameOf(each)} cannot be started (${last.reason}): ${last.message}`,
        patience: OBSTACLE_PATIENCE,
    };
}

function isObserved({ live, applied }: View, observed: number | undefined): boolean {
    return (observed ?? 0) >= Math.max(live.metadata.generation ?? 0, applied.metadata.generation ?? 0);
}

/** Events of before are about what the object was then. */
function appliedAt({ applied }: View): number {
    const times = (applied.metadata.managedFields ?? []).map(({ time }) => (time ? new Date(time).getTime() : 0));
    return Math.max(0, ...times) - CLOCK_SKEW;
}
