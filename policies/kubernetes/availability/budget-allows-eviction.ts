import { valueAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-053",
    slug: "budget-allows-eviction",
    title: "Disruption budgets let a node be drained",
    why: "A budget that allows no eviction keeps every node that has such a pod from being drained and updated.",
    remedy: "Set maxUnavailable to 1 or more.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    kinds: ["policy/PodDisruptionBudget"],
    check({ raw }, report) {
        const unavailable = valueAt(raw, "spec", "maxUnavailable");
        if (unavailable === 0 || unavailable === "0" || unavailable === "0%")
            report("spec.maxUnavailable", "must be more than 0");
        if (valueAt(raw, "spec", "minAvailable") === "100%") report("spec.minAvailable", "must be less than 100%");
    },
});
