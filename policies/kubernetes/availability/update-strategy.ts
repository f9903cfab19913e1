import { numberAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-051",
    slug: "update-strategy",
    title: "Updates replace pods one after the other",
    why: "With Recreate every replica is stopped before the first new one starts; with OnDelete nothing is updated at all.",
    remedy: "Take RollingUpdate. A workload with one replica that alone may write to its volume keeps Recreate.",
    severity: "low",
    levels: FROM_STAGING,
    references: [],
    kinds: ["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet"],
    check({ kind, raw }, report) {
        if (kind !== "Deployment") {
            if (textAt(raw, "spec", "updateStrategy", "type") === "OnDelete")
                report("spec.updateStrategy.type", "must be RollingUpdate");
        } else if (
            textAt(raw, "spec", "strategy", "type") === "Recreate" &&
            (numberAt(raw, "spec", "replicas") ?? 1) > 1
        ) {
            report("spec.strategy.type", "must be RollingUpdate where there are several replicas");
        }
    },
});
