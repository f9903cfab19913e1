import { numberAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-060",
    slug: "job-ttl",
    title: "Jobs go when they are done",
    why: "Each one that stays keeps its pod, its logs and its place in the quota.",
    remedy: "Set ttlSecondsAfterFinished.",
    severity: "low",
    levels: ADVICE,
    references: [],
    kinds: ["batch/Job"],
    check({ raw }, report) {
        if (numberAt(raw, "spec", "ttlSecondsAfterFinished") === undefined)
            report("spec.ttlSecondsAfterFinished", "must be set");
    },
});
