import rule from "../../../../policies/kubernetes/pod-security/dropped-capabilities";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        all: securityContext({ capabilities: { drop: ["ALL"] } }),
        "all but one": securityContext({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }),
    },
    bad: {
        none: [pod(), "spec.containers[0].securityContext.capabilities.drop"],
        some: [
            securityContext({ capabilities: { drop: ["NET_RAW", "MKNOD"] } }),
            "spec.containers[0].securityContext.capabilities.drop",
        ],
        "one is added again": [
            securityContext({ capabilities: { drop: ["ALL"], add: ["CHOWN"] } }),
            "spec.containers[0].securityContext.capabilities.add[0]",
        ],
    },
    edge: {
        "small letters drop nothing": [
            securityContext({ capabilities: { drop: ["all"] } }),
            "spec.containers[0].securityContext.capabilities.drop",
        ],
        "what is not even a default one is another rule's": [
            securityContext({ capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } }),
        ],
        "Windows has none": [pod({ os: { name: "windows" } })],
    },
    unknown: {
        "what is dropped, what is added is certain": {
            judged: securityContext({ capabilities: { drop: UNKNOWN, add: ["CHOWN"] } }),
            unknown: ["spec.containers[0].securityContext.capabilities.drop"],
            wrong: ["spec.containers[0].securityContext.capabilities.add[0]"],
        },
    },
});
