import { flagAt, mapAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { podIn } from "../objects";
import { WORKLOADS } from "../pod-places";
import { amongObjectsRule } from "../stack";
import { labelsOf, selects } from "../workloads";
import { hasCiliumPolicy } from "./cilium";

export default amongObjectsRule({
    id: "GW-K8S-074",
    slug: "network-policy",
    title: "Every pod has a network policy",
    why: "Without one every pod of the cluster reaches it, and it reaches everything.",
    remedy: "Make a NetworkPolicy that selects it, best one that denies all for the namespace and one for each flow.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.3.2"), ...nsa("2.0")],
    kinds: WORKLOADS,
    check({ object, objects }, report) {
        const pod = podIn(object);
        if (!pod) return;
        // A policy does not apply to it: GW-K8S-002.
        if (flagAt(pod.spec, "hostNetwork")) return;
        const labels = labelsOf(pod.raw);
        const policies = objects.beside(object, ["networking.k8s.io/NetworkPolicy"]);
        if (policies.some(({ raw }) => selects(mapAt(raw, "spec", "podSelector"), labels))) return;
        if (hasCiliumPolicy(object, objects, labels)) return;
        report("", "must have a NetworkPolicy that selects its pods");
    },
});
