import rule from "../../../../policies/kubernetes/rbac/node-proxy";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (...rules: unknown[]) => object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules });

specify(rule, {
    good: {
        "another verb": of({ apiGroups: [""], resources: ["nodes/proxy"], verbs: ["list"] }),
        "another resource": of({ apiGroups: [""], resources: ["things"], verbs: ["get"] }),
    },
    bad: {
        "says so": [of({ apiGroups: [""], resources: ["nodes/proxy"], verbs: ["get"] }), "rules[0].resources"],
        "among others": [
            of({}, { apiGroups: ["a", "*"], resources: ["a", "nodes/proxy"], verbs: ["a", "get"] }),
            "rules[1].resources",
        ],
    },
    edge: {
        "of another group": [of({ apiGroups: ["example.com"], resources: ["nodes/proxy"], verbs: ["get"] })],
        "a text instead of a list": [
            of({ apiGroups: [""], resources: "nodes/proxy", verbs: ["get"] }),
            "rules[0].resources",
        ],
        "nodes themselves": [of({ apiGroups: [""], resources: ["nodes"], verbs: ["get"] })],
    },
    unknown: { verbs: [of({ apiGroups: [""], resources: ["nodes/proxy"], verbs: UNKNOWN }), "rules[0].verbs"] },
});
