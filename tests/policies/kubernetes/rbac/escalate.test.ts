import rule from "../../../../policies/kubernetes/rbac/escalate";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (...rules: unknown[]) => object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules });

specify(rule, {
    good: { "harmless verbs": of({ verbs: ["get", "update"] }) },
    bad: {
        escalate: [of({ verbs: ["escalate"] }), "rules[0].verbs"],
        "one of two": [of({ verbs: ["get"] }, { verbs: ["get", "impersonate"] }), "rules[1].verbs"],
    },
    edge: { "a wildcard is another rule's": [of({ verbs: ["*"] })] },
    unknown: { verbs: [of({ verbs: UNKNOWN }), "rules[0].verbs"] },
});
