import rule from "../../../../policies/kubernetes/metadata/system-namespace";
import { object, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "one of its own": pod(),
        "a Service is no workload": object("v1", "Service", { metadata: { namespace: "kube-system" } }),
    },
    bad: { "the system's": [pod({}, { namespace: "kube-system" }), "metadata.namespace"] },
    edge: { "says nothing": [pod({}, { namespace: undefined })] },
    unknown: { namespace: [pod({}, { namespace: UNKNOWN }), "metadata.namespace"] },
});
