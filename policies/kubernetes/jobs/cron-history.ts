import { numberAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { objectRule } from "../objects";

const MOST = 10;

export default objectRule({
    id: "GW-K8S-058",
    slug: "cron-history",
    title: "CronJobs keep what failed, and not too much",
    why: "Without a failed one nobody can read why; with hundreds the API is slow for everybody.",
    remedy: "Leave the limits at their defaults, or set failedJobsHistoryLimit to 1 or more and both to at most 10.",
    severity: "low",
    levels: ADVICE,
    references: [],
    kinds: ["batch/CronJob"],
    check({ raw }, report) {
        for (const [key, least] of [
            ["failedJobsHistoryLimit", 1],
            ["successfulJobsHistoryLimit", 0],
        ] as const) {
            report.attempt(() => {
                const limit = numberAt(raw, "spec", key);
                if (limit !== undefined && (limit < least || limit > MOST))
                    report(`spec.${key}`, `must be ${least} to ${MOST}`);
            });
        }
    },
});
