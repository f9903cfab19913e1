/** When each kind of object is applied. */

/** What an object of a kind is to the others. */
export type Role =
    /** Nothing waits in it: what the rest is in, reads or is reached by. */
    | "setting"
    /** What depends on it starts only when it is ready, a Job: when it is done. */
    | "awaited"
    /** Nothing waits for it, and it may be unwell for reasons of its own: for an address, or because a backup failed. */
    | "last"
    | "other";

/** In the order in which they are applied: what others are in or refer to comes first. A kind that is not here comes after these. */
const KINDS: readonly (readonly [kind: string, role: Role])[] = [
    ["Namespace", "setting"],
    ["PriorityClass", "setting"],
    ["ResourceQuota", "setting"],
    ["LimitRange", "setting"],
    ["NetworkPolicy", "setting"],
    ["ServiceAccount", "setting"],
    ["ExternalSecret", "setting"],
    ["Secret", "setting"],
    ["ConfigMap", "setting"],
    ["PersistentVolumeClaim", "other"],
    ["Service", "setting"],
    ["Gateway", "last"],
    ["HTTPRoute", "last"],
    ["Ingress", "last"],
    ["Cluster", "awaited"],
    ["Database", "awaited"],
    ["StatefulSet", "awaited"],
    ["Job", "awaited"],
    ["Deployment", "awaited"],
    ["CronJob", "last"],
    ["PodDisruptionBudget", "other"],
    ["HorizontalPodAutoscaler", "last"],
];

const ROLES = new Map(KINDS);
const RANKS = new Map(KINDS.map(([kind], rank) => [kind, rank]));

export function roleOf(kind: string): Role {
    return ROLES.get(kind) ?? "other";
}

export function rankOf(kind: string): number {
    return RANKS.get(kind) ?? KINDS.length;
}
