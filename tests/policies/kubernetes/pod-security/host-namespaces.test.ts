import rule from "../../../../policies/kubernetes/pod-security/host-namespaces";
import { deployment, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": pod(), "says no": pod({ hostNetwork: false, hostPID: false, hostIPC: false }) },
    bad: {
        network: [pod({ hostNetwork: true }), "spec.hostNetwork"],
        "all three": [
            deployment({ hostNetwork: true, hostPID: true, hostIPC: true }),
            "spec.template.spec.hostNetwork",
            "spec.template.spec.hostPID",
            "spec.template.spec.hostIPC",
        ],
    },
    edge: {
        "a number is no pass": [pod({ hostPID: 1 }), "spec.hostPID"],
        "a process namespace that the pod's containers share": [pod({ shareProcessNamespace: true })],
    },
    unknown: {
        "one, the other is certain": {
            judged: pod({ hostNetwork: UNKNOWN, hostPID: true }),
            unknown: ["spec.hostNetwork"],
            wrong: ["spec.hostPID"],
        },
    },
});
