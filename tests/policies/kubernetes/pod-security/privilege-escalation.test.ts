import rule from "../../../../policies/kubernetes/pod-security/privilege-escalation";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says no": securityContext({ allowPrivilegeEscalation: false }) },
    bad: {
        "says nothing": [pod(), "spec.containers[0].securityContext.allowPrivilegeEscalation"],
        "says yes": [
            securityContext({ allowPrivilegeEscalation: true }),
            "spec.containers[0].securityContext.allowPrivilegeEscalation",
        ],
        "in an ephemeral container": [
            securityContext({ allowPrivilegeEscalation: false }, { ephemeralContainers: [{ name: "debug" }] }),
            "spec.ephemeralContainers[0].securityContext.allowPrivilegeEscalation",
        ],
    },
    edge: {
        "Windows has no such thing": [pod({ os: { name: "windows" } })],
        "Linux says so": [
            pod({ os: { name: "linux" } }),
            "spec.containers[0].securityContext.allowPrivilegeEscalation",
        ],
        "what the pod says is nothing to a container": [
            pod({ securityContext: { allowPrivilegeEscalation: false } }),
            "spec.containers[0].securityContext.allowPrivilegeEscalation",
        ],
    },
    unknown: {
        value: [
            securityContext({ allowPrivilegeEscalation: UNKNOWN }),
            "spec.containers[0].securityContext.allowPrivilegeEscalation",
        ],
        "the operating system": [pod({ os: { name: UNKNOWN } }), "spec.os.name"],
    },
});
