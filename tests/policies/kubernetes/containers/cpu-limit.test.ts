import rule from "../../../../policies/kubernetes/containers/cpu-limit";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "a limit": container({ resources: { limits: { cpu: "100m" } } }) },
    bad: {
        nothing: [pod(), "spec.containers[0].resources.limits.cpu"],
        "a request is none": [
            container({ resources: { requests: { cpu: "100m" } } }),
            "spec.containers[0].resources.limits.cpu",
        ],
        "of an init container": [
            pod({ containers: [], initContainers: [{ name: "a" }] }),
            "spec.initContainers[0].resources.limits.cpu",
        ],
    },
    edge: {
        "limits that are a list": [container({ resources: { limits: [] } }), "spec.containers[0].resources.limits"],
        "less than nothing": [
            container({ resources: { limits: { cpu: "-1" } } }),
            "spec.containers[0].resources.limits.cpu",
        ],
    },
    unknown: {
        value: [container({ resources: { limits: { cpu: UNKNOWN } } }), "spec.containers[0].resources.limits.cpu"],
    },
});
