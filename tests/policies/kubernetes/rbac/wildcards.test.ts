import rule from "../../../../policies/kubernetes/rbac/wildcards";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (...rules: unknown[]) => object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules });

specify(rule, {
    good: { "in words": of({ apiGroups: [""], resources: ["pods"], verbs: ["get"] }), nothing: of() },
    bad: {
        everything: [
            of({ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }),
            "rules[0].verbs",
            "rules[0].resources",
            "rules[0].apiGroups",
        ],
        "in the second": [of({ verbs: ["get"] }, { verbs: ["get", "*"] }), "rules[1].verbs"],
    },
    edge: {
        "rules that are a map": [object("rbac.authorization.k8s.io/v1", "Role", { rules: {} }), "rules"],
        "a rule that is a text": [of("all"), "rules[0]"],
    },
    unknown: {
        "one, the other is certain": {
            judged: of({ verbs: UNKNOWN, resources: ["*"] }),
            unknown: ["rules[0].verbs"],
            wrong: ["rules[0].resources"],
        },
    },
});
