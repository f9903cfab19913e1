import { mapAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { nsa } from "../../frameworks/nsa";
import { amongObjectsRule } from "../stack";
import { podsSelected } from "./selection";

export default amongObjectsRule({
    id: "GW-K8S-072",
    slug: "dangling-network-policy",
    title: "Network policies find pods",
    why: "A policy that selects nothing protects nothing, and whoever wrote it thinks that it does.",
    remedy: "Make its podSelector the labels of the pods that it is for.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...nsa("2.0")],
    kinds: ["networking.k8s.io/NetworkPolicy"],
    check({ object, objects }, report) {
        const selector = mapAt(object.raw, "spec", "podSelector");
        // One for all pods is right before the first is there.
        if (Object.keys(selector).length === 0) return;
        if (podsSelected(object, selector, objects).length === 0)
            report("spec.podSelector", "must select a pod of the namespace");
    },
});
