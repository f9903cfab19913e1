/** Workloads that are taken down for a while, and come back as they were: how many they had is on them meanwhile. */
import { setTimeout as sleep } from "node:timers/promises";

import { LABEL_PREFIX } from "../../../../targets/kubernetes/labels";
import { FailedError } from "../errors";
import type { Cluster } from "./client";
import { statusOf } from "./errors";
import { claimsOf } from "./tool-job";
import { LABELS } from "./objects";
import type { V1Deployment, V1ObjectMeta, V1StatefulSet } from "./types";

const BEFORE = `${LABEL_PREFIX}replicas-before-restore`;
const MANAGER = "gw-restore";
/** Longer than any of the stack's services takes to end. */
const GONE_SECONDS = 300;

type Workload = { kind: "StatefulSet"; object: V1StatefulSet } | { kind: "Deployment"; object: V1Deployment };

export interface Where {
    namespace: string;
    labelSelector: string;
}

/** Services of which a pod mounts a claim, and that are no part of the backups. */
export async function usersOf(cluster: Cluster, where: Where, claim: string): Promise<string[]> {
    const found = (await workloads(cluster, where)).filter(
        (one) => claimsOfWorkload(one).includes(claim) && label(one, LABELS.component) !== "backup",
    );
    return [...new Set(found.map((one) => label(one, LABELS.name)))].sort();
}

/** Takes all pods of services away, and waits until they are gone. */
export async function scaleDown(cluster: Cluster, where: Where, services: string[]): Promise<void> {
    const affected = (await workloads(cluster, where)).filter((one) => services.includes(label(one, LABELS.name)));
    for (const one of affected) {
        const { metadata, spec } = one.object;
        if (metadata?.annotations?.[BEFORE] !== undefined) continue;
        const annotations = { [BEFORE]: String(spec?.replicas ?? 1) };
        await patch(cluster, one, { metadata: { annotations }, spec: { replicas: 0 } });
    }
    const until = Date.now() + GONE_SECONDS * 1000;
    for (;;) {
        const pods = (await cluster.core.listNamespacedPod(where)).items.filter(
            ({ metadata }) =>
                services.includes(metadata?.labels?.[LABELS.name] ?? "") &&
                !metadata?.ownerReferences?.some(({ kind }) => kind === "Job"),
        );
        if (pods.length === 0) return;
        if (Date.now() > until)
            throw new FailedError(
                `${pods.map(({ metadata }) => metadata?.name).join(", ")} is still there after ${GONE_SECONDS} s.`,
                "kubectl describe pod says why; the same command goes on.",
            );
        await sleep(300);
    }
}

/** As many as they had. */
export async function scaleUp(cluster: Cluster, where: Where, services: string[]): Promise<void> {
    for (const one of await workloads(cluster, where)) {
        const before = one.object.metadata?.annotations?.[BEFORE];
        if (before === undefined || !services.includes(label(one, LABELS.name))) continue;
        await patch(cluster, one, {
            metadata: { annotations: { [BEFORE]: null } },
            spec: { replicas: Number(before) },
        });
        await letGo(cluster, one);
    }
}

/** Who changed a field last owns it, and whoever deploys the stack would be refused to. */
async function letGo(cluster: Cluster, one: Workload): Promise<void> {
    for (let left = 10; ; left -= 1) {
        try {
            return await removeEntry(cluster, one);
        } catch (error) {
            // Its controllers write to the list at the same time: then it is another place.
            if (statusOf(error) !== 422 || left === 0) throw error;
        }
    }
}

async function removeEntry(cluster: Cluster, one: Workload): Promise<void> {
    const { metadata } = await read(cluster, one);
    const at = (metadata?.managedFields ?? []).findIndex(({ manager }) => manager === MANAGER);
    if (at < 0) return;
    const path = `/metadata/managedFields/${at}`;
    await patch(
        cluster,
        one,
        [
            { op: "test", path: `${path}/manager`, value: MANAGER },
            { op: "remove", path },
        ],
        "application/json-patch+json",
    );
}

async function workloads({ apps }: Cluster, where: Where): Promise<Workload[]> {
    const [sets, deployments] = await Promise.all([
        apps.listNamespacedStatefulSet(where),
        apps.listNamespacedDeployment(where),
    ]);
    return [
        ...sets.items.map((object) => ({ kind: "StatefulSet" as const, object })),
        ...deployments.items.map((object) => ({ kind: "Deployment" as const, object })),
    ];
}

function claimsOfWorkload({ kind, object }: Workload): string[] {
    const own =
        kind === "StatefulSet"
            ? (object.spec?.volumeClaimTemplates ?? []).map(
                  (template) => `${template.metadata?.name}-${object.metadata?.name}-0`,
              )
            : [];
    return [...own, ...claimsOf(object.spec?.template.spec)];
}

function target({ object }: Workload): { name: string; namespace: string } {
    return { name: object.metadata!.name!, namespace: object.metadata!.namespace! };
}

function read({ apps }: Cluster, one: Workload): Promise<{ metadata?: V1ObjectMeta }> {
    return one.kind === "StatefulSet"
        ? apps.readNamespacedStatefulSet(target(one))
        : apps.readNamespacedDeployment(target(one));
}

async function patch(
    { apps, client }: Cluster,
    one: Workload,
    body: object,
    type = "application/merge-patch+json",
): Promise<void> {
    const options = client.setHeaderOptions("Content-Type", type);
    const request = { ...target(one), body, fieldManager: MANAGER };
    if (one.kind === "StatefulSet") await apps.patchNamespacedStatefulSet(request, options);
    else await apps.patchNamespacedDeployment(request, options);
}

function label({ object }: Workload, name: string): string {
    return object.metadata?.labels?.[name] ?? "";
}
