import { flagAt, listAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-022",
    slug: "default-service-account",
    title: "The default service account may do nothing",
    why: "Every pod that names no service account has the default one: what that may do, each of them may.",
    remedy: "Give the pod a service account of its own, and bind the role to that.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.5")],
    kinds: ["rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding", "ServiceAccount"],
    check({ kind, raw }, report) {
        if (kind === "ServiceAccount") {
            // Only where it says so itself: the default one is there before anybody has written it.
            if (
                textAt(raw, "metadata", "name") === "default" &&
                flagAt(raw, "automountServiceAccountToken") !== false
            ) {
                report("automountServiceAccountToken", "must be false");
            }
            return;
        }
        report.eachMap(listAt(raw, "subjects"), "subjects", (subject, at) => {
            if (textAt(subject, "kind") === "ServiceAccount" && textAt(subject, "name") === "default") {
                report(`${at}.name`, "must be a service account made for it, not default");
            }
        });
    },
});
