import rule from "../../../../policies/kubernetes/rbac/create-tokens";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (...rules: unknown[]) => object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules });

specify(rule, {
    good: {
        "another verb": of({ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["get"] }),
        "another resource": of({ apiGroups: [""], resources: ["things"], verbs: ["create"] }),
    },
    bad: {
        "says so": [
            of({ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }),
            "rules[0].resources",
        ],
        "among others": [
            of({}, { apiGroups: ["a", "*"], resources: ["a", "serviceaccounts/token"], verbs: ["a", "create"] }),
            "rules[1].resources",
        ],
    },
    edge: {
        "of another group": [
            of({ apiGroups: ["example.com"], resources: ["serviceaccounts/token"], verbs: ["create"] }),
        ],
        "a text instead of a list": [
            of({ apiGroups: [""], resources: "serviceaccounts/token", verbs: ["create"] }),
            "rules[0].resources",
        ],
        "of some by name": [
            of({ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"], resourceNames: ["a"] }),
        ],
    },
    unknown: {
        verbs: [of({ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: UNKNOWN }), "rules[0].verbs"],
    },
});
