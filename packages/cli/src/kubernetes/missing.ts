/** Workloads that a stack's state has and its cluster has not: somebody removed them by hand. */
import type { ResourceState, UntypedDeployment } from "@groundwork/engine/api";

import { inOrder, missingReplica, type StackStatus } from "../runtime/status";
import { asCalled, stackFlag } from "../words";
import { LABELS } from "./objects";

const CONTROLLERS = new Set([
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:postgresql.cnpg.io/v1:Cluster",
]);

interface Metadata {
    name?: string;
    labels?: Record<string, string>;
}

/** Adds a service with a missing replica for each Deployment, StatefulSet and CloudNativePG Cluster that is gone. @returns how many */
export function addMissing(actual: StackStatus, state: UntypedDeployment): number {
    const known = new Set(actual.services.map(({ service }) => service));
    const gone = workloads(state).filter(({ labels }) => !known.has(labels?.[LABELS.name] ?? ""));
    const flag = stackFlag({ stack: { name: actual.stack } });
    const command = (word: string): string => asCalled(`gw ${word}${flag}`);
    for (const { name = "", labels = {} } of gone) {
        actual.services.push({
            service: labels[LABELS.name] ?? name,
            component: labels[LABELS.component] ?? "",
            image: "",
            standIn: false,
            replicas: [
                missingReplica(
                    name,
                    "",
                    `is in the state and not on the cluster; ${command("refresh")} and then ${command("up")} make it anew`,
                ),
            ],
        });
    }
    actual.services = inOrder(actual.services);
    return gone.length;
}

function workloads({ deployment }: UntypedDeployment): Metadata[] {
    return (deployment.resources ?? [])
        .filter((r: ResourceState) => CONTROLLERS.has(r.type) && r.delete !== true)
        .map((r) => (r.inputs?.["metadata"] ?? {}) as Metadata);
}
