import { mapAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { hasLabels } from "../network/selection";
import { podIn } from "../objects";
import { amongObjectsRule } from "../stack";
import { labelsOf, nameOf } from "../workloads";

export default amongObjectsRule({
    id: "GW-K8S-055",
    slug: "headless-service",
    title: "StatefulSets have their headless Service",
    why: "Without it their pods have no names of their own, by which the members of a database find each other.",
    remedy: "Make a Service with clusterIP: None, and name it in spec.serviceName.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    kinds: ["apps/StatefulSet", "apps.kruise.io/StatefulSet"],
    check({ object, objects }, report) {
        const name = textAt(object.raw, "spec", "serviceName") ?? "";
        if (name === "") return report("spec.serviceName", "must be set");
        const service = objects.beside(object, ["Service"]).find((other) => nameOf(other) === name);
        if (!service) report("spec.serviceName", `must name a Service of the namespace, and there is no ${name}`);
        else if (textAt(service.raw, "spec", "clusterIP") !== "None")
            report("spec.serviceName", `must name a headless Service, and ${name} is none`);
        else if (!hasLabels(labelsOf(podIn(object)?.raw ?? {}), mapAt(service.raw, "spec", "selector")))
            report("spec.serviceName", `must name a Service that selects its pods, and ${name} does not`);
    },
});
