import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { objectRule } from "../objects";
import { WORKLOADS } from "../pod-places";

const SYSTEM: ReadonlySet<string> = new Set(["kube-system", "kube-public", "kube-node-lease"]);

export default objectRule({
    id: "GW-K8S-046",
    slug: "system-namespace",
    title: "Workloads stay out of the system's namespaces",
    why: "What runs there runs beside what keeps the cluster going, is often excepted from policies, and may take secrets that are the cluster's.",
    remedy: "Set metadata.namespace to one of its own.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...nsa("1.12"), ...cisKubernetes("5.6.1")],
    kinds: WORKLOADS,
    check({ raw }, report) {
        if (SYSTEM.has(textAt(raw, "metadata", "namespace") ?? ""))
            report("metadata.namespace", "must not be one of the system's");
    },
});
