import rule from "../../../../policies/kubernetes/rbac/create-volumes";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (...rules: unknown[]) => object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules });

specify(rule, {
    good: {
        "another verb": of({ apiGroups: [""], resources: ["persistentvolumes"], verbs: ["get"] }),
        "another resource": of({ apiGroups: [""], resources: ["things"], verbs: ["create"] }),
    },
    bad: {
        "says so": [of({ apiGroups: [""], resources: ["persistentvolumes"], verbs: ["create"] }), "rules[0].resources"],
        "among others": [
            of({}, { apiGroups: ["a", "*"], resources: ["a", "persistentvolumes"], verbs: ["a", "create"] }),
            "rules[1].resources",
        ],
    },
    edge: {
        "of another group": [of({ apiGroups: ["example.com"], resources: ["persistentvolumes"], verbs: ["create"] })],
        "a text instead of a list": [
            of({ apiGroups: [""], resources: "persistentvolumes", verbs: ["create"] }),
            "rules[0].resources",
        ],
        claims: [of({ apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["create"] })],
    },
    unknown: { verbs: [of({ apiGroups: [""], resources: ["persistentvolumes"], verbs: UNKNOWN }), "rules[0].verbs"] },
});
