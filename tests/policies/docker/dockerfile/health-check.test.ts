import rule from "../../../../policies/docker/dockerfile/health-check";
import { dockerfile, dockerfileWith, rawDockerfile as raw } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a command": dockerfileWith(),
        "in the stage that it continues": dockerfile("FROM a:1 AS a", "HEALTHCHECK CMD x", "FROM a"),
    },
    bad: {
        nothing: [dockerfile("FROM a:1"), "stages[0]"],
        NONE: [dockerfile("FROM a:1", "HEALTHCHECK NONE"), "stages[0].instructions[0]"],
    },
    edge: {
        "the last counts": [dockerfile("FROM a:1", "HEALTHCHECK NONE", "HEALTHCHECK CMD x")],
        "in a stage that it only copies from": [
            dockerfile("FROM a:1 AS a", "HEALTHCHECK CMD x", "FROM b:1"),
            "stages[1]",
        ],
    },
    unknown: { stages: [raw({ stages: UNKNOWN }), "stages"] },
});
