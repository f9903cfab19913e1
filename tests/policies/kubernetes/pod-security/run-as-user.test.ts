import rule from "../../../../policies/kubernetes/pod-security/run-as-user";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": pod(), "another user": securityContext({ runAsUser: 1000 }) },
    bad: {
        "a container": [securityContext({ runAsUser: 0 }), "spec.containers[0].securityContext.runAsUser"],
        "the pod, though the container is another": [
            securityContext({ runAsUser: 1000 }, { securityContext: { runAsUser: 0 } }),
            "spec.securityContext.runAsUser",
        ],
    },
    edge: {
        "in a user namespace": [securityContext({ runAsUser: 0 }, { hostUsers: false })],
        "a text": [securityContext({ runAsUser: "0" }), "spec.containers[0].securityContext.runAsUser"],
    },
    unknown: {
        "the user": [securityContext({ runAsUser: UNKNOWN }), "spec.containers[0].securityContext.runAsUser"],
        "whose root it is": [securityContext({ runAsUser: 0 }, { hostUsers: UNKNOWN }), "spec.hostUsers"],
    },
});
