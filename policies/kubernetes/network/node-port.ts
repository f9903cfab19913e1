import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-065",
    slug: "node-port",
    title: "Services open no port on every node",
    why: "A node port is open on each node, to whoever reaches one, past the edge with its TLS and its rules.",
    remedy: "Make it a ClusterIP, and route to it from the edge.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    kinds: ["Service"],
    check({ raw }, report) {
        if (textAt(raw, "spec", "type") === "NodePort") report("spec.type", "must not be NodePort");
    },
});
