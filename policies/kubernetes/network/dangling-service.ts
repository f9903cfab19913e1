import { mapAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { amongObjectsRule } from "../stack";
import { podsLabelled } from "./selection";

export default amongObjectsRule({
    id: "GW-K8S-070",
    slug: "dangling-service",
    title: "Services find pods",
    why: "A Service that selects nothing answers nobody.",
    remedy: "Make its selector the labels of the pods that it is for.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    kinds: ["Service"],
    check({ object, objects }, report) {
        const selector = mapAt(object.raw, "spec", "selector");
        // Without one, somebody else says where it leads.
        if (Object.keys(selector).length === 0 || textAt(object.raw, "spec", "type") === "ExternalName") return;
        if (podsLabelled(object, selector, objects).length === 0)
            report("spec.selector", "must select a pod of the namespace");
    },
});
