import { FROM_STAGING } from "../../core/rule";
import { scaleTargetOf } from "../availability/scaling";
import { amongObjectsRule } from "../stack";
import { nameOf, REPLICATED } from "../workloads";

/** What else can be scaled is of a kind that is not known here. */
const SCALED: readonly string[] = [...REPLICATED, "apps/ReplicaSet", "apps.kruise.io/UnitedDeployment"];

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
        const target = scaleTargetOf(object);
        if (!SCALED.includes(target.kind)) return;
        const { kind, name } = target;
        if (!objects.beside(object, [kind]).some((other) => nameOf(other) === name)) {
            report("spec.scaleTargetRef", `must name a workload of the namespace, and there is no ${kind} ${name}`);
        }
    },
});
