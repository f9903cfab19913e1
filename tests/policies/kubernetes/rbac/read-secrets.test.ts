import rule from "../../../../policies/kubernetes/rbac/read-secrets";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (...rules: unknown[]) => object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules });

specify(rule, {
    good: {
        "another verb": of({ apiGroups: [""], resources: ["secrets"], verbs: ["create"] }),
        "another resource": of({ apiGroups: [""], resources: ["things"], verbs: ["list"] }),
    },
    bad: {
        "says so": [of({ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }), "rules[0].resources"],
        "among others": [
            of({}, { apiGroups: ["a", "*"], resources: ["a", "secrets"], verbs: ["a", "list"] }),
            "rules[1].resources",
        ],
    },
    edge: {
        "of another group": [of({ apiGroups: ["example.com"], resources: ["secrets"], verbs: ["list"] })],
        "a text instead of a list": [
            of({ apiGroups: [""], resources: "secrets", verbs: ["list"] }),
            "rules[0].resources",
        ],
        "some by name": [of({ apiGroups: [""], resources: ["secrets"], verbs: ["get"], resourceNames: ["a"] })],
        "a list is of all, whatever the names": [
            of({ apiGroups: [""], resources: ["secrets"], verbs: ["list"], resourceNames: ["a"] }),
            "rules[0].resources",
        ],
    },
    unknown: { verbs: [of({ apiGroups: [""], resources: ["secrets"], verbs: UNKNOWN }), "rules[0].verbs"] },
});
