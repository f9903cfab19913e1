import rule from "../../../../policies/kubernetes/containers/requests-within-limits";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        nothing: pod(),
        "the same": container({ resources: { requests: { cpu: "1" }, limits: { cpu: "1000m" } } }),
    },
    bad: {
        more: [
            container({ resources: { requests: { memory: "2Gi" }, limits: { memory: "2G" } } }),
            "spec.containers[0].resources.requests.memory",
        ],
    },
    edge: { "without a limit": [container({ resources: { requests: { cpu: "100" } } })] },
    unknown: {
        "the limit": [
            container({ resources: { requests: { cpu: "1" }, limits: { cpu: UNKNOWN } } }),
            "spec.containers[0].resources.limits.cpu",
        ],
    },
});
