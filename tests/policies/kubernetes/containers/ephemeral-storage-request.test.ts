import rule from "../../../../policies/kubernetes/containers/ephemeral-storage-request";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a request": container({ resources: { requests: { "ephemeral-storage": "1Gi" } } }),
        "a limit is one": container({ resources: { limits: { "ephemeral-storage": "1Gi" } } }),
    },
    bad: {
        nothing: [pod(), "spec.containers[0].resources.requests.ephemeral-storage"],
        "another resource": [
            container({ resources: { requests: { "nvidia.com/gpu": 1 } } }),
            "spec.containers[0].resources.requests.ephemeral-storage",
        ],
        "none at all": [
            container({ resources: { requests: { "ephemeral-storage": "0" } } }),
            "spec.containers[0].resources.requests.ephemeral-storage",
        ],
        "what is no quantity": [
            container({ resources: { requests: { "ephemeral-storage": "much" } } }),
            "spec.containers[0].resources.requests.ephemeral-storage",
        ],
    },
    edge: {
        "a number": [container({ resources: { requests: { "ephemeral-storage": 1 } } })],
        "true is no quantity": [
            container({ resources: { requests: { "ephemeral-storage": true } } }),
            "spec.containers[0].resources.requests.ephemeral-storage",
        ],
        "ephemeral containers can have none": [pod({ containers: [], ephemeralContainers: [{ name: "debug" }] })],
    },
    unknown: {
        value: [
            container({ resources: { requests: { "ephemeral-storage": UNKNOWN } } }),
            "spec.containers[0].resources.requests.ephemeral-storage",
        ],
    },
});
