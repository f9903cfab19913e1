import { mapAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
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
        const target = mapAt(object.raw, "spec", "scaleTargetRef");
        const [kind = "", name = ""] = [textAt(target, "kind"), textAt(target, "name")];
        const scaled = `${groupOf(textAt(target, "apiVersion") ?? "")}/${kind}`;
        if (!SCALED.includes(scaled)) return;
        if (!objects.beside(object, [scaled]).some((other) => nameOf(other) === name)) {
            report("spec.scaleTargetRef", `must name a ${kind} of the namespace, and there is no ${name}`);
        }
    },
});

/** Without one, and in the group that they had first, it is one of Kubernetes' own. */
function groupOf(apiVersion: string): string {
    const [group, version] = apiVersion.split("/");
    return version === undefined || group === "extensions" ? "apps" : group!;
}
