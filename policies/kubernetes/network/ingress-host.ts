import { listAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-069",
    slug: "ingress-host",
    title: "Ingresses answer for hosts by name",
    why: "An empty or wildcard host answers for names that somebody else points at it, and takes requests from other Ingresses.",
    remedy: "Set host to each name that it is for.",
    severity: "low",
    levels: FROM_STAGING,
    references: [],
    kinds: ["networking.k8s.io/Ingress", "extensions/Ingress"],
    check({ raw }, report) {
        report.eachMap(listAt(raw, "spec", "rules"), "spec.rules", (item, at) => {
            const host = textAt(item, "host") ?? "";
            if (host === "" || host.includes("*")) report(`${at}.host`, "must be a name without a wildcard");
        });
    },
});
