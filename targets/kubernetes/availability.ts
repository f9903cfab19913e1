/** How many replicas there are, and how many of them may be away at once on purpose. */
import type { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import type { autoscaling, meta, policy } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";

import type { AutoscaleSpec, WorkloadSpec } from "../../components/spec";
import { after } from "../options";
import type { Labels } from "./labels";
import { boundToNode, type StorageOptions } from "./storage";

/** How long fewer replicas must have been enough before one goes: a pause in the load is not its end. */
const SCALE_DOWN_SECONDS = 300;

export interface AvailabilityParts {
    controller: Deployment | StatefulSet;
    metadata: meta.v1.ObjectMeta;
    /** Labels of the workload's pods. */
    selector: Labels;
    storage: StorageOptions;
}

/** The budget and the autoscaler of a workload, where it has them. */
export function makeAvailability(
    spec: WorkloadSpec,
    { controller, metadata, selector, storage }: AvailabilityParts,
    opts: pulumi.CustomResourceOptions,
): void {
    const budget = disruptionBudget(spec, selector, storage);
    if (budget) {
        new PodDisruptionBudget(spec.name, { metadata, spec: budget }, opts);
    }
    if (spec.autoscale) {
        const autoscaler = autoscalerSpec(spec.autoscale, spec.name);
        new HorizontalPodAutoscaler(spec.name, { metadata, spec: autoscaler }, after(opts, [controller]));
    }
}

/**
 * Absent for a single replica: there it could only keep a node from being drained. So could it where all replicas are on
 * one node for a volume of theirs: none has another place until all are gone.
 */
function disruptionBudget(
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

function autoscalerSpec(
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
