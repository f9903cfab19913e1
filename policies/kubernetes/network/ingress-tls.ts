import { asMap, listAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-068",
    slug: "ingress-tls",
    title: "Ingresses have TLS for each host",
    why: "Without it passwords and sessions travel in the clear.",
    remedy: "Add the host to spec.tls with the Secret of its certificate.",
    severity: "high",
    levels: FROM_STAGING,
    references: [],
    kinds: ["networking.k8s.io/Ingress", "extensions/Ingress"],
    check({ raw }, report) {
        const tls = listAt(raw, "spec", "tls").map((item) => asMap(item, "spec.tls"));
        if (tls.length === 0) return report("spec.tls", "must be set");
        const covered = tls.flatMap((item) => listAt(item, "hosts"));
        // Without hosts it is for all of them.
        if (tls.some((item) => listAt(item, "hosts").length === 0)) return;
        report.eachMap(listAt(raw, "spec", "rules"), "spec.rules", (item, at) => {
            const host = textAt(item, "host") ?? "";
            const wildcard = host.replace(/^[^.]+/, "*");
            if (host !== "" && !covered.includes(host) && !covered.includes(wildcard))
                report(`${at}.host`, "must be among the hosts of spec.tls");
        });
    },
});
