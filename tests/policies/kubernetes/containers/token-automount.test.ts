import rule from "../../../../policies/kubernetes/containers/token-automount";
import { deployment, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "switched off": pod({ automountServiceAccountToken: false }) },
    bad: {
        "says nothing": [pod(), "spec.automountServiceAccountToken"],
        "says yes": [
            deployment({ automountServiceAccountToken: true }),
            "spec.template.spec.automountServiceAccountToken",
        ],
    },
    edge: { "a text": [pod({ automountServiceAccountToken: "false" }), "spec.automountServiceAccountToken"] },
    unknown: { value: [pod({ automountServiceAccountToken: UNKNOWN }), "spec.automountServiceAccountToken"] },
});
