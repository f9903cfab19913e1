import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { objectRule } from "../objects";
import { WORKLOADS } from "../pod-places";

const NAMESPACED = [
    ...WORKLOADS,
    "ConfigMap",
    "PersistentVolumeClaim",
    "Secret",
    "Service",
    "ServiceAccount",
    "autoscaling/HorizontalPodAutoscaler",
    "networking.k8s.io/Ingress",
    "networking.k8s.io/NetworkPolicy",
    "policy/PodDisruptionBudget",
    "rbac.authorization.k8s.io/Role",
    "rbac.authorization.k8s.io/RoleBinding",
];

export default objectRule({
    id: "GW-K8S-045",
    slug: "default-namespace",
    title: "Nothing is in the default namespace",
    why: "In it everything that nobody has placed is together, with one set of rights, quotas and network policies for all of it.",
    remedy: "Set metadata.namespace.",
    severity: "low",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.6.1", "5.6.4")],
    kinds: NAMESPACED,
    check({ raw }, report) {
        const namespace = textAt(raw, "metadata", "namespace") ?? "default";
        if (namespace === "default" || namespace === "") report("metadata.namespace", "must be a namespace of its own");
    },
});
