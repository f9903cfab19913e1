/** In which of Argo CD's waves each object is applied: what has to be ready or done before others is in an earlier one. Pure. */
import type { ResourceState } from "@groundwork/engine/src/api";

/** Nothing waits in it: what the rest is in, reads or is reached by. An overlay's own objects, which are in 0 unless they say more, find it there. */
const SETTINGS = -1;

const SETTING_KINDS = new Set([
    // What is no object of the cluster's, as a generated password.
    "",
    "Namespace",
    "PriorityClass",
    "ResourceQuota",
    "LimitRange",
    "NetworkPolicy",
    "ServiceAccount",
    "ExternalSecret",
    "Secret",
    "ConfigMap",
    "Service",
]);

/** What depends on one of these starts only when it is ready, a Job: when it is done. */
const WAITED_FOR = new Set(["Cluster", "Database", "StatefulSet", "Job", "Deployment"]);

/** Nothing waits for these, and they may be unwell for reasons of their own: for an address, or because a backup failed. */
const LAST_KINDS = new Set(["Gateway", "HTTPRoute", "Ingress", "CronJob", "HorizontalPodAutoscaler"]);

/**
 * By URN. Argo CD waits until all of a wave is well before it applies the next, so that it keeps the order that `gw up` keeps: stores, jobs as
 * migrations, the services that need them.
 */
export function wavesOf(resources: ResourceState[]): Map<string, number> {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const found = new Map<string, number>();
    const waveOf = (resource: ResourceState): number => {
        const known = found.get(resource.urn);
        if (known !== undefined) return known;
        const before = (resource.dependencies ?? []).flatMap((urn) => {
            const other = byUrn.get(urn);
            return other === undefined ? [] : [waveOf(other) + (WAITED_FOR.has(kindOf(other)) ? 1 : 0)];
        });
        const wave = Math.max(SETTING_KINDS.has(kindOf(resource)) ? SETTINGS : 0, ...before);
        found.set(resource.urn, wave);
        return wave;
    };
    resources.forEach(waveOf);
    const last = Math.max(0, ...found.values());
    const needed = new Set(resources.flatMap(({ dependencies }) => dependencies ?? []));
    for (const resource of resources) if (isLast(resource, needed)) found.set(resource.urn, last);
    // Many classes make a volume only for a pod that mounts it: a claim in an earlier wave would never be bound.
    for (const claim of resources.filter((one) => kindOf(one) === "PersistentVolumeClaim")) {
        const users = resources.filter(({ dependencies }) => dependencies?.includes(claim.urn));
        found.set(claim.urn, Math.min(last, ...users.map(({ urn }) => found.get(urn)!)));
    }
    return found;
}

function isLast(resource: ResourceState, needed: Set<string>): boolean {
    const kind = kindOf(resource);
    const spec = resource.inputs?.["spec"] as { type?: string } | undefined;
    return (
        LAST_KINDS.has(kind) ||
        (kind === "Service" && spec?.type === "LoadBalancer") ||
        // A replica, which is well only once a job has made the role that it logs in with.
        (kind === "StatefulSet" && !needed.has(resource.urn))
    );
}

function kindOf({ type }: ResourceState): string {
    return type.startsWith("kubernetes:") ? type.split(":").at(-1)! : "";
}
