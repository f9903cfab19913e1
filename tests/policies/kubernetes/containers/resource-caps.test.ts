import rule from "../../../../policies/kubernetes/containers/resource-caps";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { nothing: pod(), "at the cap": container({ resources: { limits: { cpu: "16", memory: "64Gi" } } }) },
    bad: {
        "a limit over it": [
            container({ resources: { limits: { cpu: "16001m" } } }),
            "spec.containers[0].resources.limits.cpu",
        ],
        "a request over it": [
            container({ resources: { requests: { memory: "65Gi" } } }),
            "spec.containers[0].resources.requests.memory",
        ],
    },
    edge: {
        "dev has less": {
            judged: container({ resources: { limits: { cpu: "5" } } }),
            with: { environment: "dev" },
            wrong: ["spec.containers[0].resources.limits.cpu"],
        },
        "as configured": {
            judged: container({ resources: { limits: { cpu: "20" } } }),
            with: { settings: { cpu: 32 } },
        },
        "no quantity is within no cap": [
            container({ resources: { limits: { memory: "lots" } } }),
            "spec.containers[0].resources.limits.memory",
        ],
    },
    unknown: {
        "one, the other is certain": {
            judged: container({ resources: { limits: { cpu: UNKNOWN, memory: "1Ti" } } }),
            unknown: ["spec.containers[0].resources.limits.cpu"],
            wrong: ["spec.containers[0].resources.limits.memory"],
        },
    },
});
