/** Deletes an object and waits until it is gone. */
import { setTimeout as sleep } from "node:timers/promises";

import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";

import type { PropertyMap, ProviderContext } from "../../provider";
import { skipsAwait } from "./await";
import { conditionOf } from "./await/basics";
import { timeoutOf } from "./await/wait";
import { connect, type Connection } from "./connection";
import { recordedUid } from "./diff";
import type { Resource } from "./discovery";
import { isConflict, isNotFound, NoSuchKindError, reasonOf } from "./errors";
import { annotation, idOf, metadataOf, parseId, show, type KubeObject } from "./object";
import { groupKind, type Kind, kindOf } from "./type";

const PROPAGATION = "pulumi.com/deletionPropagationPolicy";

/** Between two looks, in milliseconds; longer after a while, and when many are waited for. */
const INTERVAL = 250;
const LATER_INTERVAL = 1000;
const SOON = 5000;
const WAITING_AT_FULL_SPEED = 16;
const PROGRESS_INTERVAL = 3000;

/** Kinds whose deletion is not waited for where the program asks for no waiting; as the real provider. */
const MAY_SKIP = new Set([
    "Namespace",
    "Pod",
    "ReplicationController",
    "apps/DaemonSet",
    "apps/Deployment",
    "apps/StatefulSet",
    "batch/Job",
]);

/**
 * Kinds that own no other object, so that there is nothing to wait for. Foreground deletion would make each go through the cluster's
 * garbage collector, which by default asks the API server for 20 things a second, and so deletes a thousand of them in two minutes.
 */
const OWN_NOTHING = new Set([
    "ConfigMap",
    "LimitRange",
    "PersistentVolumeClaim",
    "ResourceQuota",
    "Secret",
    "ServiceAccount",
    "autoscaling/HorizontalPodAutoscaler",
    "networking.k8s.io/NetworkPolicy",
    "policy/PodDisruptionBudget",
    "rbac.authorization.k8s.io/ClusterRole",
    "rbac.authorization.k8s.io/ClusterRoleBinding",
    "rbac.authorization.k8s.io/Role",
    "rbac.authorization.k8s.io/RoleBinding",
    "scheduling.k8s.io/PriorityClass",
]);

/** Gone already is fine. An object of the same name that is not the recorded one is left alone. */
export async function deleteObject(
    ctx: ProviderContext,
    id: string,
    olds: { inputs: PropertyMap; outputs: PropertyMap },
): Promise<void> {
    const kind = kindOf(ctx.type);
    const connection = connect(ctx);
    let resource: Resource;
    try {
        resource = await connection.resource(kind, ctx.signal);
    } catch (error) {
        if (error instanceof NoSuchKindError) return;
        throw error;
    }
    const uid = recordedUid(olds.outputs);
    let live: KubeObject | undefined;
    try {
        const answer = await connection.send<{ kind?: string }>({
            method: "DELETE",
            path: resource.path(parseId(id)),
            body: {
                apiVersion: "v1",
                kind: "DeleteOptions",
                propagationPolicy: propagation(kind, olds.inputs),
                ...(uid === undefined ? {} : { preconditions: { uid } }),
            },
            signal: ctx.signal,
        });
        // Of success: it is gone. Else the answer is the object, which some kinds give even then.
        if (answer.kind === "Status") return;
        live = await connection.get(resource, parseId(id), ctx.signal);
    } catch (error) {
        if (isNotFound(error)) return;
        if (!isConflict(error))
            throw new Error(`${show(kind.kind, id)} cannot be deleted: ${reasonOf(error)}`, { cause: error });
        ctx.log(
            `${show(kind.kind, id)} is another object now than the one that was made here; it was left alone`,
            "warning",
        );
        return;
    }
    if (!live || (uid !== undefined && live.metadata.uid !== uid)) return;
    if (skipsAwait(olds.inputs) && MAY_SKIP.has(groupKind(kind))) return;
    await waitGone({ connection, ctx, resource, live, seconds: timeoutOf(ctx, olds.inputs) });
    if (groupKind(kind) === "apiextensions.k8s.io/CustomResourceDefinition")
        connection.discovery.forget((live.spec as { group: string }).group);
}

/** As its annotation asks; else what belongs to an object goes first, as with the real provider. */
function propagation(kind: Kind, inputs: PropertyMap): string {
    const asked = annotation(inputs, PROPAGATION)?.toLowerCase();
    const known = ["Orphan", "Background", "Foreground"].find((policy) => policy.toLowerCase() === asked);
    return known ?? (OWN_NOTHING.has(groupKind(kind)) ? "Background" : "Foreground");
}

interface Going {
    connection: Connection;
    ctx: ProviderContext;
    resource: Resource;
    live: KubeObject;
    seconds: number;
}

/** @throws Error saying what holds the object when it is not gone in time */
export async function waitGone(going: Going): Promise<void> {
    const { connection, ctx, resource, seconds } = going;
    const { uid, namespace } = going.live.metadata;
    const start = Date.now();
    let told = start;
    connection.waiting++;
    try {
        for (;;) {
            const elapsed = Date.now() - start;
            const crowd = Math.max(1, connection.waiting / WAITING_AT_FULL_SPEED);
            await sleep((elapsed < SOON ? INTERVAL : LATER_INTERVAL) * crowd, undefined, { signal: ctx.signal });
            const all = await connection.listings.of(resource.kind, namespace, ctx.signal, { since: start });
            const live = all.find(({ metadata }) => metadata.uid === uid);
            if (!live) return;
            if (Date.now() - told < PROGRESS_INTERVAL && elapsed < seconds * 1000) continue;
            told = Date.now();
            const why = await holders({ ...going, live });
            if (elapsed >= seconds * 1000)
                throw new Error(
                    `${show(resource.kind.kind, idOf(live.metadata))} is not gone after ${seconds} s: ${why}. It goes as soon as nothing holds it; then run again.`,
                );
            ctx.log(`waiting until it is gone: ${why} (${Math.round(elapsed / 1000)} s)`);
        }
    } finally {
        connection.waiting--;
    }
}

/** What keeps an object that is being deleted. */
async function holders({ connection, ctx, resource, live }: Going): Promise<string> {
    if (groupKind(resource.kind) === "Namespace") {
        const left = ["NamespaceContentRemaining", "NamespaceFinalizersRemaining", "NamespaceDeletionContentFailure"]
            .map((type) => conditionOf(live, type))
            .filter((condition) => condition?.status === "True")
            .map((condition) => condition!.message ?? condition!.type);
        return left.length > 0 ? left.join("; ") : "its content is being deleted";
    }
    const finalizers = live.metadata.finalizers ?? [];
    if (finalizers.length === 0) return "it is being stopped";
    if (finalizers.includes("kubernetes.io/pvc-protection") && live.metadata.namespace) {
        const pods = await connection.listings.of<V1Pod>(POD, live.metadata.namespace, ctx.signal);
        const users = pods
            .filter(uses(live as unknown as V1PersistentVolumeClaim))
            .map(({ metadata }) => metadata?.name);
        if (users.length > 0) return `still used by ${users.map((name) => `pod ${name}`).join(", ")}`;
    }
    const others = finalizers.filter((name) => name !== "foregroundDeletion");
    return others.length > 0
        ? `held by the finalizer${others.length > 1 ? "s" : ""} ${others.join(", ")}, which what set ${others.length > 1 ? "them" : "it"} has to remove`
        : "what belongs to it is being deleted";
}

const POD = { group: "", version: "v1", kind: "Pod" };

function uses({ metadata }: V1PersistentVolumeClaim): (pod: V1Pod) => boolean {
    return ({ spec }) =>
        (spec?.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata?.name);
}

/** The ID of an object with these inputs. */
export function idOfInputs(inputs: PropertyMap, resource: Resource): { name: string; namespace?: string } {
    const { name, namespace } = metadataOf(inputs) as { name: string; namespace?: string };
    return { name, namespace: resource.namespaced ? namespace : undefined };
}
