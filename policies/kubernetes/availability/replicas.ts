import { PROD_ADVICE } from "../../core/rule";
import { amongObjectsRule } from "../stack";
import { leastScaled, replicasOf } from "./scaling";

export default amongObjectsRule({
    id: "GW-K8S-050",
    slug: "replicas",
    title: "In prod more than one of each runs",
    why: "One pod is none while its node is drained, its image is pulled or its process starts again.",
    remedy: "Set replicas to 2 or more, or let a HorizontalPodAutoscaler do it; say in a waiver why it has to be one.",
    severity: "medium",
    levels: PROD_ADVICE,
    references: [],
    kinds: ["apps/Deployment", "argoproj.io/Rollout", "apps.kruise.io/CloneSet"],
    check({ object, objects }, report) {
        const least = leastScaled(object, objects) ?? replicasOf(object);
        // None at all is switched off.
        if (least === 1) report("spec.replicas", "must be 2 or more");
    },
});
