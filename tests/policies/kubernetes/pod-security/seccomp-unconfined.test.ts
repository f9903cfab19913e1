import rule from "../../../../policies/kubernetes/pod-security/seccomp-unconfined";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "says nothing": pod(),
        "the runtime's, for the pod": pod({ securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
        "one of the node's": securityContext({ seccompProfile: { type: "Localhost", localhostProfile: "a.json" } }),
    },
    bad: {
        "of a container": [
            securityContext({ seccompProfile: { type: "Unconfined" } }),
            "spec.containers[0].securityContext.seccompProfile.type",
        ],
        "of the pod": [
            pod({ securityContext: { seccompProfile: { type: "Unconfined" } } }),
            "spec.securityContext.seccompProfile.type",
        ],
    },
    edge: {
        "a profile without a type": [
            securityContext({ seccompProfile: {} }),
            "spec.containers[0].securityContext.seccompProfile.type",
        ],
        "null is absent": [securityContext({ seccompProfile: null })],
    },
    unknown: {
        "the type": [
            securityContext({ seccompProfile: { type: UNKNOWN } }),
            "spec.containers[0].securityContext.seccompProfile.type",
        ],
    },
});
