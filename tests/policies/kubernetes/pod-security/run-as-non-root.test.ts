import rule from "../../../../policies/kubernetes/pod-security/run-as-non-root";
import { container, pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const POD = { securityContext: { runAsNonRoot: true } };

specify(rule, {
    good: {
        "for the pod": pod(POD),
        "for the container": securityContext({ runAsNonRoot: true }),
        both: securityContext({ runAsNonRoot: true }, POD),
    },
    bad: {
        nothing: [pod(), "spec.containers[0].securityContext.runAsNonRoot"],
        "a container that takes it back": [
            securityContext({ runAsNonRoot: false }, POD),
            "spec.containers[0].securityContext.runAsNonRoot",
        ],
        "a pod that denies it, though each container has it": [
            securityContext({ runAsNonRoot: true }, { securityContext: { runAsNonRoot: false } }),
            "spec.securityContext.runAsNonRoot",
        ],
        "an init container that was forgotten": [
            securityContext({ runAsNonRoot: true }, { initContainers: [{ name: "init" }] }),
            "spec.initContainers[0].securityContext.runAsNonRoot",
        ],
    },
    edge: {
        "in a user namespace root is nobody": [pod({ hostUsers: false })],
        "in the node's user namespace": [pod({ hostUsers: true }), "spec.containers[0].securityContext.runAsNonRoot"],
        "a user that is not 0 is not enough": [
            securityContext({ runAsUser: 1000 }),
            "spec.containers[0].securityContext.runAsNonRoot",
        ],
        "the text true is no pass": [
            securityContext({ runAsNonRoot: "true" }),
            "spec.containers[0].securityContext.runAsNonRoot",
        ],
    },
    unknown: {
        "the user namespace": [pod({ hostUsers: UNKNOWN }), "spec.hostUsers"],
        "the container's": [
            securityContext({ runAsNonRoot: UNKNOWN }),
            "spec.containers[0].securityContext.runAsNonRoot",
        ],
        "the pod's, which the container asks for": [
            container({}, { securityContext: { runAsNonRoot: UNKNOWN } }),
            "spec.securityContext.runAsNonRoot",
        ],
    },
});
