import rule from "../../../../policies/kubernetes/rbac/create-pods";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (...rules: unknown[]) => object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules });

specify(rule, {
    good: {
        "another verb": of({ apiGroups: [""], resources: ["pods"], verbs: ["get"] }),
        "another resource": of({ apiGroups: [""], resources: ["things"], verbs: ["create"] }),
    },
    bad: {
        "says so": [of({ apiGroups: [""], resources: ["pods"], verbs: ["create"] }), "rules[0].resources"],
        "among others": [
            of({}, { apiGroups: ["a", "*"], resources: ["a", "pods"], verbs: ["a", "create"] }),
            "rules[1].resources",
        ],
    },
    edge: {
        "of another group": [of({ apiGroups: ["example.com"], resources: ["pods"], verbs: ["create"] })],
        "a text instead of a list": [
            of({ apiGroups: [""], resources: "pods", verbs: ["create"] }),
            "rules[0].resources",
        ],
        "evicting one": [of({ apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] })],
    },
    unknown: { verbs: [of({ apiGroups: [""], resources: ["pods"], verbs: UNKNOWN }), "rules[0].verbs"] },
});
