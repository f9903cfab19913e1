/** How many of a workload run. */
import { mapAt, numberAt, textAt } from "../../core/raw";
import type { KubernetesObject } from "../objects";
import type { Objects } from "../stack";
import { nameOf } from "../workloads";

/** How many the object itself asks for. */
export function replicasOf(object: KubernetesObject): number {
    return numberAt(object.raw, "spec", "replicas") ?? 1;
}

/** Whether an autoscaler decides on it, and how many it leaves at least. */
export function leastScaled(object: KubernetesObject, objects: Objects): number | undefined {
    const scaler = objects.beside(object, ["autoscaling/HorizontalPodAutoscaler"]).find(({ raw }) => {
        const target = mapAt(raw, "spec", "scaleTargetRef");
        return textAt(target, "kind") === object.kind && textAt(target, "name") === nameOf(object);
    });
    return scaler && (numberAt(scaler.raw, "spec", "minReplicas") ?? 1);
}
