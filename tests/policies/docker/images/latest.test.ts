import rule from "../../../../policies/docker/images/latest";
import { container, DIGEST, dockerfile } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a tag": container({ image: "redis:7.2" }),
        "a digest": container({ image: `redis@${DIGEST}` }),
        "a stage of a Dockerfile": dockerfile("FROM redis:7 AS a", "FROM a"),
    },
    bad: {
        nothing: [container({ image: "redis" }), "image"],
        latest: [container({ image: "localhost:5000/team/redis:latest" }), "image"],
        "in a Dockerfile": [dockerfile("FROM redis:7 AS a", "FROM redis"), "stages[1].image"],
        "by a default": [dockerfile("ARG TAG=latest", "FROM redis:${TAG}"), "stages[0].image"],
    },
    edge: {
        "a digest says which, whatever the tag": [container({ image: `redis:latest@${DIGEST}` })],
        "a registry's port is no tag": [container({ image: "localhost:5000/redis" }), "image"],
        "an image's id": [container({ image: DIGEST })],
        "from nothing": [dockerfile("FROM scratch")],
        "what is no reference": [container({ image: "Red is" }), "image"],
    },
    unknown: {
        image: [container({ image: UNKNOWN }), "image"],
        "a variable without a default": [dockerfile("ARG TAG", "FROM redis:$TAG"), "stages[0].image"],
    },
});
