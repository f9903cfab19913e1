/** How many replicas there are, and how many of them may be away at once on purpose. */
import type { autoscaling, policy } from "@pulumi/kubernetes/types/input";

import type { AutoscaleSpec, WorkloadSpec } from "../../components/spec";
import type { Labels } from "./labels";
import { boundToNode, type StorageOptions } from "./storage";

/** How long fewer replicas must have been enough before one goes: a pause in the load is not its end. */
const SCALE_DOWN_SECONDS = 300;

/**
 * Absent for a single replica: there it could only keep a node from being drained. So could it where all replicas are on one node for a volume
 * of theirs: none has another place until all are gone.
 */
export function disruptionBudget(
    spec: WorkloadSpec,
    selector: Labels,
    storage: StorageOptions,
): policy.v1.PodDisruptionBudgetSpec | undefined {
    if (leastReplicas(spec) < 2 || boundToNode(spec.mounts, spec.name, storage).length > 0) {
        return undefined;
    }
    return {
        maxUnavailable: 1,
        selector: { matchLabels: selector },
        // One that is broken serves nobody and is no reason to keep a node.
        unhealthyPodEvictionPolicy: "AlwaysAllow",
    };
}

export function autoscalerSpec(
    { min, max, cpuPercent }: AutoscaleSpec,
    deployment: string,
): autoscaling.v2.HorizontalPodAutoscalerSpec {
    return {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
        minReplicas: min,
        maxReplicas: max,
        metrics: [
            {
                type: "Resource",
                resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuPercent } },
            },
        ],
        behavior: { scaleDown: { stabilizationWindowSeconds: SCALE_DOWN_SECONDS } },
    };
}

function leastReplicas({ autoscale, replicas }: WorkloadSpec): number {
    return autoscale?.min ?? replicas;
}

export function mostReplicas({ autoscale, replicas }: WorkloadSpec): number {
    return autoscale?.max ?? replicas;
}
