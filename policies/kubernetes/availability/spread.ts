import { join, listAt } from "../../core/raw";
import { IN_PROD } from "../../core/rule";
import { objectRule, podIn } from "../objects";
import { replicasOf } from "./scaling";

export default objectRule({
    id: "GW-K8S-054",
    slug: "spread",
    title: "Replicas are on different nodes",
    why: "Two replicas on one node go with it.",
    remedy: "Set topologySpreadConstraints or a podAntiAffinity by kubernetes.io/hostname.",
    severity: "low",
    levels: IN_PROD,
    references: [],
    kinds: ["apps/Deployment", "apps/StatefulSet"],
    check(object, report) {
        const pod = podIn(object);
        if (!pod || replicasOf(object) < 2) return;
        const apart = ["required", "preferred"].some(
            (how) =>
                listAt(pod.spec, "affinity", "podAntiAffinity", `${how}DuringSchedulingIgnoredDuringExecution`).length >
                0,
        );
        if (!apart && listAt(pod.spec, "topologySpreadConstraints").length === 0) {
            report(join(pod.path, "spec.topologySpreadConstraints"), "must be set, or a podAntiAffinity");
        }
    },
});
