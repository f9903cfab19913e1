import { join, mapAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { objectRule, podIn } from "../objects";
import { labelsOf, selects } from "../workloads";

/** Without a selector they are given the one that they need. */
const GIVEN_ONE = ["ReplicationController", "Job", "CronJob"];

export default objectRule({
    id: "GW-K8S-048",
    slug: "selector-mismatch",
    title: "Workloads select the pods that they make",
    why: "Kubernetes refuses a workload that does not find its own pods.",
    remedy: "Make the labels of the template those of the selector.",
    severity: "high",
    levels: ALWAYS,
    references: [],
    kinds: [
        ...["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet"],
        ...["apps.kruise.io/CloneSet", "apps.kruise.io/StatefulSet", "apps.kruise.io/DaemonSet"],
        ...["ReplicationController", "batch/Job", "batch/CronJob"],
    ],
    check(object, report) {
        const { kind } = object;
        const keys = kind === "CronJob" ? ["spec", "jobTemplate", "spec", "selector"] : ["spec", "selector"];
        const selector = mapAt(object.raw, ...keys);
        if (Object.keys(selector).length === 0) {
            if (!GIVEN_ONE.includes(kind)) report(join(...keys), "must be set");
        } else if (
            !selects(
                kind === "ReplicationController" ? { matchLabels: selector } : selector,
                labelsOf(podIn(object)?.raw ?? {}),
            )
        ) {
            report(join(...keys), "must select the pods of the template");
        }
    },
});
