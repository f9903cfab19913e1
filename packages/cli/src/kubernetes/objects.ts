/** Everything of a stack that its status is made of, as the API server has it. */
import { LABEL_PREFIX } from "../../../../targets/kubernetes/labels";
import type { Cluster } from "./client";
import { isForbidden, isNotFound, statusOf } from "./errors";
import type { PodMetric, V1Deployment, V1Job, V1ObjectMeta, V1Pod, V1ReplicaSet, V1StatefulSet } from "./types";

/** As its objects carry them. */
export const LABELS = {
    stack: `${LABEL_PREFIX}stack`,
    system: `${LABEL_PREFIX}system`,
    component: "app.kubernetes.io/component",
    name: "app.kubernetes.io/name",
} as const;

/** CloudNativePG's object, as far as a status is made of it. */
export interface PostgresCluster {
    metadata?: V1ObjectMeta;
    spec?: { instances?: number; imageName?: string };
    /** `phase` says in words what it does; `phaseReason` why. */
    status?: { phase?: string; phaseReason?: string; conditions?: { type: string; status: string }[] };
}

export interface StackObjects {
    deployments: V1Deployment[];
    statefulSets: V1StatefulSet[];
    postgresClusters: PostgresCluster[];
    replicaSets: V1ReplicaSet[];
    pods: V1Pod[];
    jobs: V1Job[];
    /** Absent where metrics were not asked for, or nobody in the cluster measures. */
    metrics?: PodMetric[];
}

/** @param usage also what the pods use, where metrics.k8s.io answers */
export async function readObjects(
    cluster: Cluster,
    namespace: string,
    stack: string,
    usage: boolean,
): Promise<StackObjects> {
    const where = { namespace, labelSelector: `${LABELS.stack}=${stack}` };
    const { apps, batch, core } = cluster;
    const [deployments, statefulSets, postgresClusters, replicaSets, pods, jobs, metrics] = await Promise.all([
        apps.listNamespacedDeployment(where),
        apps.listNamespacedStatefulSet(where),
        readClusters(cluster, where),
        apps.listNamespacedReplicaSet(where),
        core.listNamespacedPod(where),
        batch.listNamespacedJob(where),
        usage ? readMetrics(cluster, namespace) : undefined,
    ]);
    return {
        deployments: deployments.items,
        statefulSets: statefulSets.items,
        postgresClusters,
        replicaSets: replicaSets.items,
        pods: pods.items,
        jobs: jobs.items,
        metrics,
    };
}

/** None where the operator is not installed. */
async function readClusters(
    { custom }: Cluster,
    where: { namespace: string; labelSelector: string },
): Promise<PostgresCluster[]> {
    try {
        const list = { ...where, group: "postgresql.cnpg.io", version: "v1", plural: "clusters" };
        return ((await custom.listNamespacedCustomObject(list)) as { items: PostgresCluster[] }).items;
    } catch (error) {
        if (isNotFound(error) || isForbidden(error)) return [];
        throw error;
    }
}

/** Undefined: no metrics server, one that is not up, or none that this user may ask. */
async function readMetrics({ custom }: Cluster, namespace: string): Promise<PodMetric[] | undefined> {
    const list = { group: "metrics.k8s.io", version: "v1beta1", namespace, plural: "pods" };
    try {
        return ((await custom.listNamespacedCustomObject(list)) as { items: PodMetric[] }).items;
    } catch (error) {
        // The API server passes on what a server of metrics does not answer.
        if (isNotFound(error) || isForbidden(error) || [503, 504].includes(statusOf(error) ?? 0)) return undefined;
        throw error;
    }
}
