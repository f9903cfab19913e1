import rule from "../../../../policies/kubernetes/rbac/cluster-admin";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (more: Record<string, unknown>) => object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", more);

specify(rule, {
    good: { "another role": of({ roleRef: { kind: "ClusterRole", name: "view" } }) },
    bad: {
        everywhere: [of({ roleRef: { kind: "ClusterRole", name: "cluster-admin" } }), "roleRef.name"],
        "in one namespace": [
            object("rbac.authorization.k8s.io/v1", "RoleBinding", {
                roleRef: { kind: "ClusterRole", name: "cluster-admin" },
            }),
            "roleRef.name",
        ],
    },
    edge: { "a Role that is called so": [of({ roleRef: { kind: "Role", name: "cluster-admin" } })] },
    unknown: { name: [of({ roleRef: { name: UNKNOWN } }), "roleRef.name"] },
});
