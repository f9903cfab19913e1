import { textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { pss } from "../../frameworks/pss";
import { containerRule } from "../objects";

const HANDLERS = [
    ["livenessProbe"],
    ["readinessProbe"],
    ["startupProbe"],
    ["lifecycle", "postStart"],
    ["lifecycle", "preStop"],
] as const;

export default containerRule({
    id: "GW-K8S-008",
    slug: "probe-hosts",
    title: "Probes and lifecycle hooks ask their own pod",
    why: "The kubelet asks whatever host it is given, from the node's own network: a pod can have it call addresses that the pod itself cannot reach.",
    remedy: "Remove host.",
    severity: "medium",
    levels: ALWAYS,
    references: [...pss("baseline/hostProbes")],
    check({ raw }, report) {
        for (const [handler, ...keys] of HANDLERS) {
            for (const action of ["httpGet", "tcpSocket"]) {
                report.attempt(() => {
                    if ((textAt(raw, handler, ...keys, action, "host") ?? "") !== "") {
                        report([handler, ...keys, action, "host"].join("."), "must not be set");
                    }
                });
            }
        }
    },
});
