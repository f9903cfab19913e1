/** In which of Argo CD's waves each object is applied: what has to be ready or done before others is in an earlier one. Pure. */
import type { ResourceState } from "@groundwork/engine/api";

import { roleOf } from "./kinds";

/** The wave of settings. An overlay's own objects, which are in 0 unless they say more, find them there. */
const SETTINGS = -1;

/**
 * The wave of each resource, by URN. Argo CD waits until all of a wave is well before it applies the next, so that it keeps the order that
 * `gw up` keeps: stores, jobs as migrations, the services that need them.
 */
export function wavesOf(resources: ResourceState[]): Map<string, number> {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const found = new Map<string, number>();
    const waveOf = (resource: ResourceState): number => {
        const known = found.get(resource.urn);
        if (known !== undefined) return known;
        const before = (resource.dependencies ?? []).flatMap((urn) => {
            const other = byUrn.get(urn);
            return other === undefined ? [] : [waveOf(other) + (roleOf(kindOf(other)) === "awaited" ? 1 : 0)];
        });
        const wave = Math.max(isSetting(resource) ? SETTINGS : 0, ...before);
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

/** With what is no object of the cluster's, as a generated password. */
function isSetting(resource: ResourceState): boolean {
    const kind = kindOf(resource);
    return kind === "" || roleOf(kind) === "setting";
}

function isLast(resource: ResourceState, needed: Set<string>): boolean {
    const kind = kindOf(resource);
    const spec = resource.inputs?.["spec"] as { type?: string } | undefined;
    return (
        roleOf(kind) === "last" ||
        (kind === "Service" && spec?.type === "LoadBalancer") ||
        // A replica, which is well only once a job has made the role that it logs in with.
        (kind === "StatefulSet" && !needed.has(resource.urn))
    );
}

function kindOf({ type }: ResourceState): string {
    return type.startsWith("kubernetes:") ? type.split(":").at(-1)! : "";
}
