import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-057",
    slug: "cron-concurrency",
    title: "CronJobs do not run beside themselves",
    why: "One that takes longer than its interval runs twice, three times …, each on the same data.",
    remedy: "Set concurrencyPolicy to Forbid or Replace.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    kinds: ["batch/CronJob"],
    check({ raw }, report) {
        if (!["Forbid", "Replace"].includes(textAt(raw, "spec", "concurrencyPolicy") ?? "Allow")) {
            report("spec.concurrencyPolicy", "must be Forbid or Replace");
        }
    },
});
