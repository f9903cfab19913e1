import rule from "../../../../policies/kubernetes/pod-security/selinux";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "says nothing": pod(),
        "a container's type": securityContext({ seLinuxOptions: { type: "container_t", level: "s0:c1,c2" } }),
        "the newest type": securityContext({ seLinuxOptions: { type: "container_engine_t" } }),
    },
    bad: {
        "another type": [
            securityContext({ seLinuxOptions: { type: "spc_t" } }),
            "spec.containers[0].securityContext.seLinuxOptions.type",
        ],
        "a user and a role, of the pod": [
            pod({ securityContext: { seLinuxOptions: { user: "system_u", role: "system_r" } } }),
            "spec.securityContext.seLinuxOptions.user",
            "spec.securityContext.seLinuxOptions.role",
        ],
    },
    edge: { "empty is absent": [securityContext({ seLinuxOptions: { type: "", user: "", role: "" } })] },
    unknown: {
        "the type, the user is certain": {
            judged: securityContext({ seLinuxOptions: { type: UNKNOWN, user: "root" } }),
            unknown: ["spec.containers[0].securityContext.seLinuxOptions.type"],
            wrong: ["spec.containers[0].securityContext.seLinuxOptions.user"],
        },
    },
});
