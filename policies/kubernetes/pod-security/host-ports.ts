import { listAt, numberAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { pss } from "../../frameworks/pss";
import { containerRule } from "../objects";

export default containerRule({
    id: "GW-K8S-007",
    slug: "host-ports",
    title: "Containers take no port of their node",
    why: "A port of the node's is open to whoever reaches the node, past Services and most NetworkPolicies, and lets one such pod run on a node.",
    remedy: "Remove hostPort, and make a Service.",
    severity: "medium",
    levels: ALWAYS,
    references: [...pss("baseline/hostPorts"), ...cisKubernetes("5.2.13")],
    check({ raw }, report) {
        report.eachMap(listAt(raw, "ports"), "ports", (port, at) => {
            if ((numberAt(port, "hostPort") ?? 0) !== 0) report(`${at}.hostPort`, "must not be set");
        });
    },
});
