import { mapAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { amongObjectsRule } from "../stack";
import { nameOf } from "../workloads";

/** What else can be scaled is somebody else's kind. */
const SCALED = ["Deployment", "StatefulSet", "ReplicaSet"];

export default amongObjectsRule({
    id: "GW-K8S-073",
    slug: "dangling-autoscaler",
    title: "Autoscalers scale something",
    why: "One without a target changes nothing, and nobody notices before the load comes.",
    remedy: "Name a workload of the same namespace in scaleTargetRef.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    kinds: ["autoscaling/HorizontalPodAutoscaler"],
    check({ object, objects }, report) {
        const target = mapAt(object.raw, "spec", "scaleTargetRef");
        const [kind = "", name = ""] = [textAt(target, "kind"), textAt(target, "name")];
        if (!SCALED.includes(kind)) return;
        if (!objects.beside(object, [`apps/${kind}`]).some((other) => nameOf(other) === name)) {
            report("spec.scaleTargetRef", `must name a ${kind} of the namespace, and there is no ${name}`);
        }
    },
});
