import rule from "../../../../policies/kubernetes/containers/ephemeral-storage-limit";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "a limit": container({ resources: { limits: { "ephemeral-storage": "1Gi" } } }) },
    bad: {
        nothing: [pod(), "spec.containers[0].resources.limits.ephemeral-storage"],
        "a request is none": [
            container({ resources: { requests: { "ephemeral-storage": "1Gi" } } }),
            "spec.containers[0].resources.limits.ephemeral-storage",
        ],
        "of an init container": [
            pod({ containers: [], initContainers: [{ name: "a" }] }),
            "spec.initContainers[0].resources.limits.ephemeral-storage",
        ],
    },
    edge: {
        "limits that are a list": [container({ resources: { limits: [] } }), "spec.containers[0].resources.limits"],
        "less than nothing": [
            container({ resources: { limits: { "ephemeral-storage": "-1" } } }),
            "spec.containers[0].resources.limits.ephemeral-storage",
        ],
    },
    unknown: {
        value: [
            container({ resources: { limits: { "ephemeral-storage": UNKNOWN } } }),
            "spec.containers[0].resources.limits.ephemeral-storage",
        ],
    },
});
