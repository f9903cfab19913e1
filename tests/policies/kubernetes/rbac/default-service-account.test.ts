import rule from "../../../../policies/kubernetes/rbac/default-service-account";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (more: Record<string, unknown>) => object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", more);

specify(rule, {
    good: {
        "one of its own": of({ subjects: [{ kind: "ServiceAccount", name: "api" }] }),
        "the default one without a token": object("v1", "ServiceAccount", {
            metadata: { name: "default" },
            automountServiceAccountToken: false,
        }),
    },
    bad: {
        bound: [of({ subjects: [{ kind: "ServiceAccount", name: "default", namespace: "shop" }] }), "subjects[0].name"],
        "with a token": [
            object("v1", "ServiceAccount", { metadata: { name: "default" } }),
            "automountServiceAccountToken",
        ],
    },
    edge: {
        "a user of that name": [of({ subjects: [{ kind: "User", name: "default" }] })],
        "another account": [object("v1", "ServiceAccount")],
    },
    unknown: { name: [of({ subjects: [{ kind: "ServiceAccount", name: UNKNOWN }] }), "subjects[0].name"] },
});
