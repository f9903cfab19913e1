import rule from "../../../../policies/kubernetes/rbac/everybody";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (more: Record<string, unknown>) => object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", more);

specify(rule, {
    good: { somebody: of({ subjects: [{ kind: "Group", name: "admins" }] }), nobody: of({}) },
    bad: {
        "the unauthenticated": [of({ subjects: [{ kind: "User", name: "system:anonymous" }] }), "subjects[0].name"],
        "past every check": [
            of({ subjects: [{ name: "a" }, { kind: "Group", name: "system:masters" }] }),
            "subjects[1].name",
        ],
    },
    edge: {
        "one namespace's service accounts": [
            of({ subjects: [{ kind: "Group", name: "system:serviceaccounts:shop" }] }),
        ],
    },
    unknown: {
        "one, the other is certain": {
            judged: of({ subjects: [UNKNOWN, { name: "system:authenticated" }] }),
            unknown: ["subjects[0]"],
            wrong: ["subjects[1].name"],
        },
    },
});
