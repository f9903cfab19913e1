import { ALWAYS } from "../../core/rule";
import { containerRule } from "../objects";
import { amountAt } from "./resources";

export default containerRule({
    id: "GW-K8S-030",
    slug: "requests-within-limits",
    title: "Containers request no more than their limit",
    why: "Kubernetes refuses such a pod; where a LimitRange or an admission webhook sets the limit, only when it starts.",
    remedy: "Lower the request, or raise the limit.",
    severity: "medium",
    levels: ALWAYS,
    references: [],
    check(container, report) {
        for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
            report.attempt(() => {
                const [request, limit] = [
                    amountAt(container, "requests", resource),
                    amountAt(container, "limits", resource),
                ];
                if (request !== undefined && limit !== undefined && request > limit) {
                    report(`resources.requests.${resource}`, "must not be more than the limit");
                }
            });
        }
    },
});
