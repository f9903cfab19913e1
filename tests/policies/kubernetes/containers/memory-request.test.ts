import rule from "../../../../policies/kubernetes/containers/memory-request";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a request": container({ resources: { requests: { memory: "64Mi" } } }),
        "a limit is one": container({ resources: { limits: { memory: "64Mi" } } }),
    },
    bad: {
        nothing: [pod(), "spec.containers[0].resources.requests.memory"],
        "another resource": [
            container({ resources: { requests: { "nvidia.com/gpu": 1 } } }),
            "spec.containers[0].resources.requests.memory",
        ],
        "none at all": [
            container({ resources: { requests: { memory: "0" } } }),
            "spec.containers[0].resources.requests.memory",
        ],
        "what is no quantity": [
            container({ resources: { requests: { memory: "much" } } }),
            "spec.containers[0].resources.requests.memory",
        ],
    },
    edge: {
        "a number": [container({ resources: { requests: { memory: 1 } } })],
        "true is no quantity": [
            container({ resources: { requests: { memory: true } } }),
            "spec.containers[0].resources.requests.memory",
        ],
        "ephemeral containers can have none": [pod({ containers: [], ephemeralContainers: [{ name: "debug" }] })],
    },
    unknown: {
        value: [
            container({ resources: { requests: { memory: UNKNOWN } } }),
            "spec.containers[0].resources.requests.memory",
        ],
    },
});
