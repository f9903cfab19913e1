import rule from "../../../../policies/kubernetes/containers/token-automount";
import { deployment, object, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const account = (name: string, automountServiceAccountToken: unknown, namespace = "shop") =>
    object("v1", "ServiceAccount", { metadata: { name, namespace }, automountServiceAccountToken });

specify(rule, {
    good: {
        "switched off": pod({ automountServiceAccountToken: false }),
        "switched off for its account": [pod({ serviceAccountName: "web" }), account("web", false)],
        "switched off for the account that it has by default": [pod(), account("default", false)],
    },
    bad: {
        "says nothing": [pod(), "spec.automountServiceAccountToken"],
        "says yes": [
            deployment({ automountServiceAccountToken: true }),
            "spec.template.spec.automountServiceAccountToken",
        ],
    },
    edge: {
        "switched on again for the pod": [
            [pod({ serviceAccountName: "web", automountServiceAccountToken: true }), account("web", false)],
            "Pod/shop/it spec.automountServiceAccountToken",
        ],
        "another account": [
            [pod({ serviceAccountName: "web" }), account("db", false)],
            "Pod/shop/it spec.automountServiceAccountToken",
        ],
        "an account of another namespace": [
            [pod(), account("default", false, "other")],
            "Pod/shop/it spec.automountServiceAccountToken",
        ],
        "a text": [pod({ automountServiceAccountToken: "false" }), "spec.automountServiceAccountToken"],
    },
    unknown: {
        value: [pod({ automountServiceAccountToken: UNKNOWN }), "spec.automountServiceAccountToken"],
        account: [[pod({ serviceAccountName: UNKNOWN }), account("web", false)], "Pod/shop/it spec.serviceAccountName"],
    },
});
