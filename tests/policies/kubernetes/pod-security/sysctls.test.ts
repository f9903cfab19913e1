import rule from "../../../../policies/kubernetes/pod-security/sysctls";
import { pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "says nothing": pod(),
        "safe ones, also the newest": pod({
            securityContext: {
                sysctls: [
                    { name: "net.ipv4.ip_unprivileged_port_start", value: "0" },
                    { name: "net.ipv4.tcp_rmem", value: "1 2 3" },
                    { name: "net.ipv4.tcp_notsent_lowat", value: "1" },
                ],
            },
        }),
    },
    bad: {
        "one of two": [
            pod({
                securityContext: {
                    sysctls: [{ name: "kernel.shm_rmid_forced" }, { name: "kernel.msgmax", value: "1" }],
                },
            }),
            "spec.securityContext.sysctls[1].name",
        ],
    },
    edge: {
        "without a name": [
            pod({ securityContext: { sysctls: [{ value: "1" }] } }),
            "spec.securityContext.sysctls[0].name",
        ],
        "a text instead of a list": [pod({ securityContext: { sysctls: "all" } }), "spec.securityContext.sysctls"],
    },
    unknown: {
        "a name": [pod({ securityContext: { sysctls: [{ name: UNKNOWN }] } }), "spec.securityContext.sysctls[0].name"],
    },
});
