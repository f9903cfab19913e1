import rule from "../../../../policies/kubernetes/pod-security/windows-host-process";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "says nothing": pod(),
        "says no": securityContext({ windowsOptions: { hostProcess: false } }),
        "another option": securityContext({ windowsOptions: { runAsUserName: "ContainerUser" } }),
    },
    bad: {
        "for the pod": [
            pod({ securityContext: { windowsOptions: { hostProcess: true } } }),
            "spec.securityContext.windowsOptions.hostProcess",
        ],
        "for a container": [
            securityContext({ windowsOptions: { hostProcess: true } }),
            "spec.containers[0].securityContext.windowsOptions.hostProcess",
        ],
    },
    edge: {
        "options that are a text": [
            securityContext({ windowsOptions: "hostProcess" }),
            "spec.containers[0].securityContext.windowsOptions",
        ],
    },
    unknown: {
        "for a container": [
            securityContext({ windowsOptions: { hostProcess: UNKNOWN } }),
            "spec.containers[0].securityContext.windowsOptions.hostProcess",
        ],
    },
});
