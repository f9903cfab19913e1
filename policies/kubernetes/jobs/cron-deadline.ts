import { numberAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-056",
    slug: "cron-deadline",
    title: "CronJobs say how late they may start",
    why: "Without a deadline one that was missed a hundred times is never started again.",
    remedy: "Set startingDeadlineSeconds.",
    severity: "low",
    levels: FROM_STAGING,
    references: [],
    kinds: ["batch/CronJob"],
    check({ raw }, report) {
        const seconds = numberAt(raw, "spec", "startingDeadlineSeconds");
        if (seconds === undefined) report("spec.startingDeadlineSeconds", "must be set");
        // The controller looks every 10 seconds.
        else if (seconds < 10) report("spec.startingDeadlineSeconds", "must be 10 or more, or it never starts");
    },
});
