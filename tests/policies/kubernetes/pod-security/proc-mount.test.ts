import rule from "../../../../policies/kubernetes/pod-security/proc-mount";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": pod(), "says Default": securityContext({ procMount: "Default" }) },
    bad: { unmasked: [securityContext({ procMount: "Unmasked" }), "spec.containers[0].securityContext.procMount"] },
    edge: {
        "in a user namespace": [securityContext({ procMount: "Unmasked" }, { hostUsers: false })],
        "in the node's user namespace": [
            securityContext({ procMount: "Unmasked" }, { hostUsers: true }),
            "spec.containers[0].securityContext.procMount",
        ],
        "an empty text is not Default": [
            securityContext({ procMount: "" }),
            "spec.containers[0].securityContext.procMount",
        ],
    },
    unknown: {
        "the mount": [securityContext({ procMount: UNKNOWN }), "spec.containers[0].securityContext.procMount"],
        "the user namespace": [securityContext({ procMount: "Unmasked" }, { hostUsers: UNKNOWN }), "spec.hostUsers"],
    },
});
