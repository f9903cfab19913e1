import rule from "../../../../policies/kubernetes/images/image-tag";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const DIGEST = `sha256:${"a".repeat(64)}`;

specify(rule, {
    good: {
        "a tag": container({ image: "postgres:16" }),
        "a digest": container({ image: `registry.example.com:5000/team/api@${DIGEST}` }),
        "a digest beside latest": container({ image: `api:latest@${DIGEST}` }),
    },
    bad: {
        latest: [container({ image: "nginx:latest" }), "spec.containers[0].image"],
        none: [container({ image: "ghcr.io/team/api" }), "spec.containers[0].image"],
        "a port is no tag": [container({ image: "localhost:5000/api" }), "spec.containers[0].image"],
    },
    edge: {
        "a digest that is none": [container({ image: "api@sha256:abc" })],
        "no image": [pod(), "spec.containers[0].image"],
        "no reference": [container({ image: "Not An Image" }), "spec.containers[0].image"],
        "latest in a longer tag": [container({ image: "api:latest-1.2" })],
    },
    unknown: { image: [container({ image: UNKNOWN }), "spec.containers[0].image"] },
});
