import { join, numberAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-061",
    slug: "job-deadline",
    title: "Jobs give up at some time",
    why: "One that hangs holds its place for ever, and a CronJob that forbids a second one never runs again.",
    remedy: "Set activeDeadlineSeconds.",
    severity: "low",
    levels: ADVICE,
    references: [],
    kinds: ["batch/Job", "batch/CronJob"],
    check({ kind, raw }, report) {
        const keys = kind === "Job" ? ["spec"] : ["spec", "jobTemplate", "spec"];
        if (numberAt(raw, ...keys, "activeDeadlineSeconds") === undefined) {
            report(join(...keys, "activeDeadlineSeconds"), "must be set");
        }
    },
});
