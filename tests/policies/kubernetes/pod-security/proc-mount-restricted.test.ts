import rule from "../../../../policies/kubernetes/pod-security/proc-mount-restricted";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "says nothing": pod({ hostUsers: false }),
        "says Default": securityContext({ procMount: "Default" }, { hostUsers: false }),
    },
    bad: {
        "unmasked in a user namespace": [
            securityContext({ procMount: "Unmasked" }, { hostUsers: false }),
            "spec.containers[0].securityContext.procMount",
        ],
    },
    edge: { "without a user namespace it is another rule's": [securityContext({ procMount: "Unmasked" })] },
    unknown: {
        "the user namespace": [securityContext({ procMount: "Unmasked" }, { hostUsers: UNKNOWN }), "spec.hostUsers"],
    },
});
