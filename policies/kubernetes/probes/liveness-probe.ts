import { hasAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { containerRule } from "../objects";
import { serves } from "../workloads";

export default containerRule({
    id: "GW-K8S-032",
    slug: "liveness-probe",
    title: "What runs on has a liveness probe",
    why: "Without one a process that hangs is never started again.",
    remedy: "Set livenessProbe, on an endpoint that asks about nothing but the process itself.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    check(container, report) {
        if (serves(container) && !hasAt(container.raw, "livenessProbe")) report("livenessProbe", "must be set");
    },
});
