import rule from "../../../../policies/kubernetes/rbac/exec";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (...rules: unknown[]) => object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules });

specify(rule, {
    good: {
        "another verb": of({ apiGroups: [""], resources: ["pods/exec"], verbs: ["delete"] }),
        "another resource": of({ apiGroups: [""], resources: ["things"], verbs: ["create"] }),
    },
    bad: {
        "says so": [of({ apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] }), "rules[0].resources"],
        "forwarded ports": [
            of({ apiGroups: [""], resources: ["pods/portforward"], verbs: ["create"] }),
            "rules[0].resources",
        ],
        "a container that is added": [
            of({ apiGroups: [""], resources: ["pods/ephemeralcontainers"], verbs: ["patch"] }),
            "rules[0].resources",
        ],
        "among others": [
            of({}, { apiGroups: ["a", "*"], resources: ["a", "pods/exec"], verbs: ["a", "create"] }),
            "rules[1].resources",
        ],
    },
    edge: {
        "of another group": [of({ apiGroups: ["example.com"], resources: ["pods/exec"], verbs: ["create"] })],
        "a text instead of a list": [
            of({ apiGroups: [""], resources: "pods/exec", verbs: ["create"] }),
            "rules[0].resources",
        ],
        attaching: [of({ apiGroups: [""], resources: ["pods/attach"], verbs: ["get"] }), "rules[0].resources"],
    },
    unknown: { verbs: [of({ apiGroups: [""], resources: ["pods/exec"], verbs: UNKNOWN }), "rules[0].verbs"] },
});
