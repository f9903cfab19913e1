import { listAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-066",
    slug: "load-balancer-sources",
    title: "Load balancers say who may reach them",
    why: "Without a list of sources the whole world reaches it.",
    remedy: "Set loadBalancerSourceRanges; for the public edge of a product, 0.0.0.0/0 says that it is meant.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    kinds: ["Service"],
    check({ raw }, report) {
        if (textAt(raw, "spec", "type") !== "LoadBalancer") return;
        if (listAt(raw, "spec", "loadBalancerSourceRanges").length === 0)
            report("spec.loadBalancerSourceRanges", "must be set");
    },
});
