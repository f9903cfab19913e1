import { flagAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { podRule } from "../objects";

export default podRule({
    id: "GW-K8S-021",
    slug: "token-automount",
    title: "Pods are not given a token for the Kubernetes API",
    why: "With the token of its service account whoever takes over the pod asks the API in its name. Hardly any program needs one.",
    remedy: "Set automountServiceAccountToken: false; a program that needs a token mounts one of its own, for its audience and a short time, as a projected volume.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...nsa("1.11"), ...cisKubernetes("5.1.6")],
    check({ spec }, report) {
        if (flagAt(spec, "automountServiceAccountToken") !== false)
            report("spec.automountServiceAccountToken", "must be false");
    },
});
