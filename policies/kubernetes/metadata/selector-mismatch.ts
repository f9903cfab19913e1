import { mapAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { objectRule } from "../objects";
import { selects } from "../workloads";

export default objectRule({
    id: "GW-K8S-048",
    slug: "selector-mismatch",
    title: "Workloads select the pods that they make",
    why: "Kubernetes refuses a workload that does not find its own pods.",
    remedy: "Make the labels of the template those of the selector.",
    severity: "high",
    levels: ALWAYS,
    references: [],
    kinds: [
        ...["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet"],
        ...["apps.kruise.io/CloneSet", "apps.kruise.io/StatefulSet", "apps.kruise.io/DaemonSet"],
    ],
    check({ raw }, report) {
        const selector = mapAt(raw, "spec", "selector");
        if (Object.keys(selector).length === 0) report("spec.selector", "must be set");
        else if (!selects(selector, mapAt(raw, "spec", "template", "metadata", "labels"))) {
            report("spec.selector", "must select the pods of the template");
        }
    },
});
