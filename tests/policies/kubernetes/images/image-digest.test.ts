import rule from "../../../../policies/kubernetes/images/image-digest";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const DIGEST = `sha256:${"a".repeat(64)}`;

specify(rule, {
    good: { "a digest": container({ image: `api:1@${DIGEST}` }) },
    bad: { "a tag alone": [container({ image: "api:1" }), "spec.containers[0].image"] },
    edge: {
        "no image is another rule's": [pod()],
        "a digest that is too short, which no registry finds": [container({ image: "api@sha256:abc" })],
    },
    unknown: { image: [container({ image: UNKNOWN }), "spec.containers[0].image"] },
});
