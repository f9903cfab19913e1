import { mapAt, valueAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { type KubernetesObject, podIn } from "../objects";
import { amongObjectsRule, type Objects, readable } from "../stack";
import { labelsOf, REPLICATED, selects } from "../workloads";
import { leastScaled, replicasOf } from "./scaling";

export default amongObjectsRule({
    id: "GW-K8S-053",
    slug: "budget-allows-eviction",
    title: "Disruption budgets let a node be drained",
    why: "A budget that allows no eviction keeps every node that has such a pod from being drained and updated.",
    remedy: "Set maxUnavailable to 1 or more.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    kinds: ["policy/PodDisruptionBudget"],
    check({ object, objects }, report) {
        const spec = mapAt(object.raw, "spec");
        report.attempt(() => {
            const most = amountOf(valueAt(spec, "maxUnavailable"));
            if (most && most.number <= 0) report("spec.maxUnavailable", "must be more than 0");
        });
        const least = amountOf(valueAt(spec, "minAvailable"));
        if (!least) return;
        if (least.percent && least.number >= 100) return report("spec.minAvailable", "must be less than 100%");
        const pods = podsOf(object, objects);
        const kept = least.percent ? Math.ceil((pods * least.number) / 100) : least.number;
        if (pods > 0 && kept >= pods)
            report("spec.minAvailable", `must be less than the pods that it is for, of which there are ${pods}`);
    },
});

/** A number, or a percentage; undefined: neither. */
function amountOf(value: unknown): { number: number; percent: boolean } | undefined {
    const [, digits, sign] = /^(-?\d+)(%)?$/.exec(String(value)) ?? [];
    return digits === undefined ? undefined : { number: Number(digits), percent: sign !== undefined };
}

/** How many there are at least, of the workloads that it selects. */
function podsOf(budget: KubernetesObject, objects: Objects): number {
    const selector = mapAt(budget.raw, "spec", "selector");
    return objects
        .beside(budget, REPLICATED)
        .filter((workload) => readable(() => selects(selector, labelsOf(podIn(workload)?.raw ?? {}))))
        .reduce((sum, workload) => sum + (leastScaled(workload, objects) ?? replicasOf(workload)), 0);
}
