import rule from "../../../../policies/kubernetes/containers/cpu-request";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a request": container({ resources: { requests: { cpu: "100m" } } }),
        "a limit is one": container({ resources: { limits: { cpu: "100m" } } }),
    },
    bad: {
        nothing: [pod(), "spec.containers[0].resources.requests.cpu"],
        "another resource": [
            container({ resources: { requests: { "nvidia.com/gpu": 1 } } }),
            "spec.containers[0].resources.requests.cpu",
        ],
        "none at all": [
            container({ resources: { requests: { cpu: "0" } } }),
            "spec.containers[0].resources.requests.cpu",
        ],
        "what is no quantity": [
            container({ resources: { requests: { cpu: "much" } } }),
            "spec.containers[0].resources.requests.cpu",
        ],
    },
    edge: {
        "a number": [container({ resources: { requests: { cpu: 1 } } })],
        "true is no quantity": [
            container({ resources: { requests: { cpu: true } } }),
            "spec.containers[0].resources.requests.cpu",
        ],
        "ephemeral containers can have none": [pod({ containers: [], ephemeralContainers: [{ name: "debug" }] })],
    },
    unknown: {
        value: [container({ resources: { requests: { cpu: UNKNOWN } } }), "spec.containers[0].resources.requests.cpu"],
    },
});
