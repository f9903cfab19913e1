import rule from "../../../../policies/kubernetes/pod-security/seccomp-set";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "for the pod": pod({ securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
        "for the container": securityContext({ seccompProfile: { type: "Localhost" } }),
    },
    bad: {
        nowhere: [pod(), "spec.containers[0].securityContext.seccompProfile"],
        "for one of two": [
            securityContext({ seccompProfile: { type: "RuntimeDefault" } }, { initContainers: [{ name: "a" }] }),
            "spec.initContainers[0].securityContext.seccompProfile",
        ],
    },
    edge: {
        "one that switches it off is another rule's": [securityContext({ seccompProfile: { type: "Unconfined" } })],
        "Windows has no such thing": [pod({ os: { name: "windows" } })],
    },
    unknown: {
        "the operating system": [pod({ os: UNKNOWN }), "spec.os"],
        "the security context": [pod({ securityContext: UNKNOWN }), "spec.securityContext"],
    },
});
