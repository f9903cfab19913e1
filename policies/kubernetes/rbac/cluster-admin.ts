import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { objectRule } from "../objects";

export default objectRule({
    id: "GW-K8S-084",
    slug: "cluster-admin",
    title: "Nobody is bound to cluster-admin",
    why: "It may do everything, everywhere.",
    remedy: "Bind a role that allows what is needed.",
    severity: "critical",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.1")],
    kinds: ["rbac.authorization.k8s.io/ClusterRoleBinding", "rbac.authorization.k8s.io/RoleBinding"],
    check({ raw }, report) {
        if (textAt(raw, "roleRef", "kind") !== "Role" && textAt(raw, "roleRef", "name") === "cluster-admin") {
            report("roleRef.name", "must not be cluster-admin");
        }
    },
});
