import rule from "../../../../policies/docker/dockerfile/user";
import { dockerfile, dockerfileWith } from "../../support/docker";
import { specify } from "../../support/spec";

specify(rule, {
    good: {
        "a number": dockerfileWith(),
        "in the stage that it continues": dockerfile("FROM a:1 AS a", "USER 10001", "FROM a"),
        "an image that says so": dockerfile("FROM gcr.io/distroless/static:nonroot"),
    },
    bad: {
        nothing: [dockerfile("FROM a:1"), "stages[0]"],
        root: [dockerfile("FROM a:1", "USER 10001", "USER root"), "stages[0].instructions[1]"],
        "in another stage only": [
            dockerfile("FROM a:1 AS a", "USER 10001", "FROM b:1", "COPY --from=a /a /a"),
            "stages[1]",
        ],
    },
    edge: {
        "root for a while": [dockerfile("FROM a:1", "USER root", "RUN x", "USER 10001:0")],
        "for those who build on it": [dockerfile("FROM a:1", "ONBUILD USER 10001"), "stages[0]"],
        "a default that is root": [dockerfile("FROM a:1", "ARG WHO=0", "USER $WHO"), "stages[0].instructions[1]"],
        "in small letters": [dockerfile("from a:1", "user 10001")],
    },
    unknown: {
        "a variable without a default": [
            dockerfile("FROM a:1", "ARG WHO", "USER $WHO"),
            "stages[0].instructions[1].text",
        ],
        "the image": [dockerfile("ARG A", "FROM $A"), "stages[0].image"],
    },
});
