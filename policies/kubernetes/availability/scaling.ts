/** How many of a workload run. */
import { mapAt, numberAt, textAt } from "../../core/raw";
import type { KubernetesObject } from "../objects";
import { qualified } from "../pod-places";
import type { Objects } from "../stack";
import { nameOf } from "../workloads";

/** How many the object itself asks for. */
export function replicasOf(object: KubernetesObject): number {
    return numberAt(object.raw, "spec", "replicas") ?? 1;
}

/** Whether an autoscaler decides on it, and how many it leaves at least. */
export function leastScaled(object: KubernetesObject, objects: Objects): number | undefined {
    const scaler = objects.beside(object, ["autoscaling/HorizontalPodAutoscaler"]).find((other) => {
        const target = scaleTargetOf(other);
        return target.kind === qualified(object) && target.name === nameOf(object);
    });
    return scaler && (numberAt(scaler.raw, "spec", "minReplicas") ?? 1);
}

/** What an autoscaler scales: its kind as `apps/Deployment`. A name is read only when asked for, as a kind may be all that is needed. */
export function scaleTargetOf(scaler: KubernetesObject): { readonly kind: string; readonly name: string } {
    const target = mapAt(scaler.raw, "spec", "scaleTargetRef");
    const [group = "", version] = (textAt(target, "apiVersion") ?? "").split("/");
    // Without one, and in the group that they had first, it is one of Kubernetes' own.
    const own = version === undefined || group === "extensions";
    return {
        kind: qualified({ group: own ? "apps" : group, kind: textAt(target, "kind") ?? "" }),
        get name() {
            return textAt(target, "name") ?? "";
        },
    };
}
