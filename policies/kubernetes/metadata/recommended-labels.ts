import { join, keyIn, textAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { objectRule } from "../objects";
import { WORKLOADS } from "../pod-places";
import { labelsOf } from "../workloads";

export default objectRule({
    id: "GW-K8S-047",
    slug: "recommended-labels",
    title: "Workloads have the recommended labels",
    why: "Dashboards, cost reports and people find what belongs together by them.",
    remedy: "Set them, on the object and on its pods.",
    severity: "low",
    levels: ADVICE,
    references: [],
    kinds: WORKLOADS,
    settings: {
        labels: {
            description: "Labels that every workload has",
            default: [
                "app.kubernetes.io/name",
                "app.kubernetes.io/instance",
                "app.kubernetes.io/managed-by",
            ] as readonly string[],
        },
    },
    check({ raw }, report, { settings }) {
        const labels = labelsOf(raw);
        for (const label of settings.labels) {
            report.attempt(() => {
                if ((textAt(labels, label) ?? "") === "") report(join("metadata.labels", keyIn(label)), "must be set");
            });
        }
    },
});
