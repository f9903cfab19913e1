import rule from "../../../../policies/kubernetes/metadata/default-namespace";
import { object, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "one of its own": pod(), "what is in none": object("v1", "Namespace", { metadata: { name: "default" } }) },
    bad: {
        "says default": [pod({}, { namespace: "default" }), "metadata.namespace"],
        "says nothing": [object("v1", "Service", { metadata: { name: "a" } }), "metadata.namespace"],
    },
    edge: {
        "an empty one": [pod({}, { namespace: "" }), "metadata.namespace"],
        "a name that begins like it": [pod({}, { namespace: "default-2" })],
    },
    unknown: { namespace: [pod({}, { namespace: UNKNOWN }), "metadata.namespace"] },
});
