/** What a stack's pods and jobs do, from the objects that the API server has. Pure. */
import { LOCAL_PREFIX } from "../../../../images/local";
import {
    inOrder,
    type JobStatus,
    missingReplica,
    type Replica,
    type ServiceStatus,
    type StackStatus,
} from "../runtime/status";
import { LABELS, type PostgresCluster, type StackObjects } from "./objects";
import { replicaOf } from "./pod";
import type { V1Deployment, V1Job, V1ObjectMeta, V1Pod, V1ReplicaSet, V1StatefulSet } from "./types";

const REVISION = "deployment.kubernetes.io/revision";

/** What keeps pods of a service running. */
interface Controller {
    metadata?: V1ObjectMeta;
    wanted: number;
    image: string;
    /** Why it makes no pods. */
    trouble?: string;
}

/** @param now milliseconds since the epoch */
export function statusFrom(stack: string, objects: StackObjects, now = Date.now()): StackStatus {
    const metrics = new Map((objects.metrics ?? []).map((metric) => [metric.metadata.name, metric]));
    const replaced = namesOf(replacedSets(objects));
    const controllers = [
        ...objects.deployments.map((d) => ofDeployment(d, objects)),
        ...objects.statefulSets.map(ofStatefulSet),
        ...objects.postgresClusters.map(ofPostgresCluster),
    ];
    const services = controllers.map((controller): ServiceStatus => {
        const service = label(controller.metadata, LABELS.name);
        const pods = objects.pods.filter((pod) => label(pod.metadata, LABELS.name) === service && !isOfJob(pod));
        const replicas = pods.map((pod) => ({
            ...(replaced.has(ownerOf(pod) ?? "") && { leaving: "replaced" as const }),
            ...replicaOf(pod, metrics.get(pod.metadata?.name ?? ""), now),
        }));
        return {
            service,
            component: label(controller.metadata, LABELS.component),
            image: controller.image,
            standIn: controller.image.startsWith(LOCAL_PREFIX),
            replicas: inTurn([...replicas, ...lacking(controller, service, replicas)], pods),
        };
    });
    const all = [...objects.deployments, ...objects.statefulSets, ...objects.jobs, ...objects.pods];
    const system = all.map(({ metadata }) => label(metadata, LABELS.system)).find((name) => name !== "") ?? "";
    return { stack, system, services: inOrder(services), jobs: jobsOf(objects) };
}

function ofDeployment({ metadata, spec, status }: V1Deployment, { replicaSets }: StackObjects): Controller {
    const trouble = status?.conditions?.find((c) => c.type === "ReplicaFailure" && c.status === "True")?.message;
    // An autoscaler sets the number; without one, and without a number, there is one pod.
    const wanted = spec?.replicas ?? newestOf(metadata, replicaSets)?.spec?.replicas ?? 1;
    return { metadata, wanted, image: spec?.template.spec?.containers[0]?.image ?? "", trouble };
}

function ofStatefulSet({ metadata, spec }: V1StatefulSet): Controller {
    return { metadata, wanted: spec?.replicas ?? 1, image: spec?.template.spec?.containers[0]?.image ?? "" };
}

function ofPostgresCluster({ metadata, spec, status }: PostgresCluster): Controller {
    const isReady = status?.conditions?.some((c) => c.type === "Ready" && c.status === "True");
    const trouble = [status?.phase, status?.phaseReason].filter(Boolean).join(": ");
    return {
        metadata,
        wanted: spec?.instances ?? 1,
        image: spec?.imageName ?? "",
        ...(!isReady && trouble !== "" && { trouble }),
    };
}

function newestOf(deployment: V1ObjectMeta | undefined, sets: V1ReplicaSet[]): V1ReplicaSet | undefined {
    const own = sets.filter(({ metadata }) => ownerOf({ metadata }) === deployment?.name);
    return own.sort((a, b) => revision(b) - revision(a))[0];
}

/** ReplicaSets that a newer one of their Deployment takes the place of. */
function replacedSets({ deployments, replicaSets }: StackObjects): V1ReplicaSet[] {
    const newest = new Set(deployments.map(({ metadata }) => newestOf(metadata, replicaSets)?.metadata?.name));
    return replicaSets.filter(({ metadata }) => !newest.has(metadata?.name));
}

function revision({ metadata }: V1ReplicaSet): number {
    return Number(metadata?.annotations?.[REVISION] ?? 0);
}

/** By number where they have one, else the oldest first; those on their way out last. */
function inTurn(replicas: Replica[], pods: V1Pod[]): Replica[] {
    const made = new Map(pods.map(({ metadata }) => [metadata?.name, metadata?.creationTimestamp?.getTime() ?? 0]));
    const since = ({ name }: Replica): number => made.get(name) ?? Infinity;
    const leaves = ({ leaving }: Replica): number => (leaving === undefined ? 0 : 1);
    return replicas
        .slice()
        .sort(
            (a, b) => leaves(a) - leaves(b) || a.index - b.index || since(a) - since(b) || a.name.localeCompare(b.name),
        )
        .map((replica, index) => ({ ...replica, index }));
}

/** Pods that its controller is to have and has not: nobody else would tell of a quota that lets it make none. */
function lacking({ wanted, trouble }: Controller, service: string, replicas: Replica[]): Replica[] {
    const there = replicas.filter(({ leaving }) => leaving === undefined).length;
    const reason = `is not made${trouble === undefined ? " yet" : `: ${trouble}`}`;
    return Array.from({ length: Math.max(0, wanted - there) }, (_, i) =>
        missingReplica(`${service} ${there + i + 1} of ${wanted}`, "", reason),
    );
}

/** The newest run of each job. */
function jobsOf({ jobs, pods }: StackObjects): JobStatus[] {
    const newest = new Map<string, V1Job>();
    for (const job of jobs) {
        const name = label(job.metadata, LABELS.name);
        const before = newest.get(name);
        if (!before || made(job) > made(before)) newest.set(name, job);
    }
    return [...newest].map(([name, job]) => jobOf(name, job, pods)).sort((a, b) => a.job.localeCompare(b.job));
}

function jobOf(name: string, { metadata, status }: V1Job, pods: V1Pod[]): JobStatus {
    const is = (wanted: string) => status?.conditions?.find((c) => c.type === wanted && c.status === "True");
    const own = pods
        .filter((pod) => ownerOf(pod) === metadata?.name)
        .sort((a, b) => made(b) - made(a))
        .map((pod) => replicaOf(pod, undefined, 0));
    const exitCode = own.find((pod) => pod.state === "exited")?.exitCode ?? 0;
    if (is("Complete")) return { job: name, state: "done", exitCode: 0 };
    const failed = is("Failed");
    if (failed) return { job: name, state: "failed", exitCode, reason: jobFailure(failed.reason, failed.message) };
    const stuck = own.find((pod) => pod.state === "waiting" || pod.state === "unschedulable");
    return { job: name, state: status?.active && !stuck ? "running" : "waiting", exitCode, reason: stuck?.reason };
}

/** That it was tried as often as it may be is no reason: the exit code is. */
function jobFailure(reason: string | undefined, message: string | undefined): string | undefined {
    return reason === "BackoffLimitExceeded" ? undefined : [reason, message].filter(Boolean).join(": ") || undefined;
}

function made({ metadata }: { metadata?: V1ObjectMeta }): number {
    return metadata?.creationTimestamp?.getTime() ?? 0;
}

function isOfJob(pod: V1Pod): boolean {
    return pod.metadata?.ownerReferences?.some(({ kind }) => kind === "Job") ?? false;
}

function ownerOf({ metadata }: { metadata?: V1ObjectMeta }): string | undefined {
    return metadata?.ownerReferences?.find(({ controller }) => controller === true)?.name;
}

function namesOf(objects: { metadata?: V1ObjectMeta }[]): Set<string> {
    return new Set(objects.map(({ metadata }) => metadata?.name ?? ""));
}

function label(metadata: V1ObjectMeta | undefined, name: string): string {
    return metadata?.labels?.[name] ?? "";
}
