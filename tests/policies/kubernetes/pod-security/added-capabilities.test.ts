import rule from "../../../../policies/kubernetes/pod-security/added-capabilities";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "says nothing": pod(),
        "default ones": securityContext({ capabilities: { add: ["CHOWN", "NET_BIND_SERVICE", "SYS_CHROOT"] } }),
    },
    bad: {
        "one more": [
            securityContext({ capabilities: { add: ["CHOWN", "SYS_ADMIN"] } }),
            "spec.containers[0].securityContext.capabilities.add[1]",
        ],
        "raw packets, which runtimes once gave everybody": [
            securityContext({ capabilities: { add: ["NET_RAW"] } }),
            "spec.containers[0].securityContext.capabilities.add[0]",
        ],
        "all, in an ephemeral container": [
            pod({ ephemeralContainers: [{ name: "debug", securityContext: { capabilities: { add: ["ALL"] } } }] }),
            "spec.ephemeralContainers[0].securityContext.capabilities.add[0]",
        ],
    },
    edge: {
        "names are written in capitals, without CAP_": [
            securityContext({ capabilities: { add: ["chown", "CAP_CHOWN"] } }),
            "spec.containers[0].securityContext.capabilities.add[0]",
            "spec.containers[0].securityContext.capabilities.add[1]",
        ],
        "a number": [
            securityContext({ capabilities: { add: [12] } }),
            "spec.containers[0].securityContext.capabilities.add[0]",
        ],
        "a text instead of a list": [
            securityContext({ capabilities: { add: "CHOWN" } }),
            "spec.containers[0].securityContext.capabilities.add",
        ],
        "none added": [securityContext({ capabilities: { add: [] } })],
    },
    unknown: {
        "one, the other is certain": {
            judged: securityContext({ capabilities: { add: [UNKNOWN, "SYS_PTRACE"] } }),
            unknown: ["spec.containers[0].securityContext.capabilities.add[0]"],
            wrong: ["spec.containers[0].securityContext.capabilities.add[1]"],
        },
    },
});
