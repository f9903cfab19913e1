import rule from "../../../../policies/kubernetes/containers/memory-limit";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "a limit": container({ resources: { limits: { memory: "64Mi" } } }) },
    bad: {
        nothing: [pod(), "spec.containers[0].resources.limits.memory"],
        "a request is none": [
            container({ resources: { requests: { memory: "64Mi" } } }),
            "spec.containers[0].resources.limits.memory",
        ],
        "of an init container": [
            pod({ containers: [], initContainers: [{ name: "a" }] }),
            "spec.initContainers[0].resources.limits.memory",
        ],
    },
    edge: {
        "limits that are a list": [container({ resources: { limits: [] } }), "spec.containers[0].resources.limits"],
        "less than nothing": [
            container({ resources: { limits: { memory: "-1" } } }),
            "spec.containers[0].resources.limits.memory",
        ],
    },
    unknown: {
        value: [
            container({ resources: { limits: { memory: UNKNOWN } } }),
            "spec.containers[0].resources.limits.memory",
        ],
    },
});
