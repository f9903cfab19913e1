import rule from "../../../../policies/docker/images/digest";
import { container, DIGEST, dockerfile } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "a digest": container(), "an image's id": container({ image: DIGEST }) },
    bad: {
        "a tag": [container({ image: "redis:7.2" }), "image"],
        "in a Dockerfile": [dockerfile("FROM redis:7"), "stages[0].image"],
    },
    edge: {
        "a digest that is too short, which no registry finds": [container({ image: "redis@sha256:abc" })],
        "a stage": [dockerfile(`FROM redis@${DIGEST} AS a`, "FROM a")],
    },
    unknown: { image: [container({ image: UNKNOWN }), "image"] },
});
