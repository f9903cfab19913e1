import { hasAt, mapAt } from "../../core/raw";
import { IN_PROD } from "../../core/rule";
import { podIn } from "../objects";
import { amongObjectsRule } from "../stack";
import { labelsOf, REPLICATED, selects } from "../workloads";
import { leastScaled, replicasOf } from "./scaling";

export default amongObjectsRule({
    id: "GW-K8S-052",
    slug: "disruption-budget",
    title: "What has replicas has a disruption budget",
    why: "Without one a drain of several nodes takes all replicas at once.",
    remedy: "Make a PodDisruptionBudget that selects its pods.",
    severity: "medium",
    levels: IN_PROD,
    references: [],
    kinds: REPLICATED,
    check({ object, objects }, report) {
        const pod = podIn(object);
        if (!pod || (leastScaled(object, objects) ?? replicasOf(object)) < 2) return;
        const labels = labelsOf(pod.raw);
        const budgets = objects.beside(object, ["policy/PodDisruptionBudget"]);
        if (
            !budgets.some(
                ({ raw }) => hasAt(raw, "spec", "selector") && selects(mapAt(raw, "spec", "selector"), labels),
            )
        ) {
            report("", "must have a PodDisruptionBudget that selects its pods");
        }
    },
});
