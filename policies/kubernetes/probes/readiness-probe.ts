import { hasAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { containerRule } from "../objects";
import { serves } from "../workloads";

export default containerRule({
    id: "GW-K8S-033",
    slug: "readiness-probe",
    title: "What runs on has a readiness probe",
    why: "Without one it gets requests before it can answer them, and an update takes the old ones away before the new ones work.",
    remedy: "Set readinessProbe, on an endpoint that asks about what it needs to answer.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    check(container, report) {
        if (serves(container) && !hasAt(container.raw, "readinessProbe")) report("readinessProbe", "must be set");
    },
});
