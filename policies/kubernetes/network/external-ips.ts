import { listAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-067",
    slug: "external-ips",
    title: "Services take no external IPs",
    why: "With externalIPs whoever may make a Service has every node send what is meant for an address of his choice to his pods (CVE-2020-8554).",
    remedy: "Remove externalIPs.",
    severity: "high",
    levels: ALWAYS,
    references: [],
    kinds: ["Service"],
    check({ raw }, report) {
        if (listAt(raw, "spec", "externalIPs").length > 0) report("spec.externalIPs", "must be empty");
    },
});
