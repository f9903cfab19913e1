import rule from "../../../../policies/kubernetes/containers/read-only-root";
import { pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "read-only": securityContext({ readOnlyRootFilesystem: true }),
        "Windows has no such thing": pod({ os: { name: "windows" } }),
    },
    bad: {
        nothing: [pod(), "spec.containers[0].securityContext.readOnlyRootFilesystem"],
        "an init container that writes": [
            securityContext(
                { readOnlyRootFilesystem: true },
                { initContainers: [{ name: "a", securityContext: { readOnlyRootFilesystem: false } }] },
            ),
            "spec.initContainers[0].securityContext.readOnlyRootFilesystem",
        ],
    },
    edge: {
        "a text": [
            securityContext({ readOnlyRootFilesystem: "true" }),
            "spec.containers[0].securityContext.readOnlyRootFilesystem",
        ],
    },
    unknown: {
        value: [
            securityContext({ readOnlyRootFilesystem: UNKNOWN }),
            "spec.containers[0].securityContext.readOnlyRootFilesystem",
        ],
    },
});
