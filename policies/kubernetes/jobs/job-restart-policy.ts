import { textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { podRule } from "../objects";
import { isJob } from "../workloads";

export default podRule({
    id: "GW-K8S-059",
    slug: "job-restart-policy",
    title: "Jobs end",
    why: "Kubernetes refuses a Job whose pods are always started again.",
    remedy: "Set restartPolicy to Never or OnFailure.",
    severity: "medium",
    levels: ALWAYS,
    references: [],
    check({ object, spec }, report) {
        if (!isJob(object)) return;
        if (!["Never", "OnFailure"].includes(textAt(spec, "restartPolicy") ?? ""))
            report("spec.restartPolicy", "must be Never or OnFailure");
    },
});
