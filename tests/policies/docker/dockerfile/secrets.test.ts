import rule from "../../../../policies/docker/dockerfile/secrets";
import { dockerfile, dockerfileWith, rawDockerfile as raw } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        none: dockerfileWith("ENV PORT=80", "ARG VERSION=1"),
        mounted: dockerfileWith("RUN --mount=type=secret,id=token npm ci"),
    },
    bad: {
        ENV: [dockerfile("FROM a:1", "ENV A=1 DB_PASSWORD=hunter2"), "stages[0].instructions[0]"],
        "ENV as it used to be written": [
            dockerfile("FROM a:1", "ENV DB_PASSWORD hunter2"),
            "stages[0].instructions[0]",
        ],
        "ARG, which is given one": [dockerfile("FROM a:1", "ARG NPM_TOKEN"), "stages[0].instructions[0]"],
        LABEL: [dockerfile("FROM a:1", "LABEL a=https://a:hunter2@b"), "stages[0].instructions[0]"],
        RUN: [dockerfile("FROM a:1", "RUN git clone https://a:hunter2@b/c"), "stages[0].instructions[0]"],
        "before the first stage": [dockerfile("ARG API_TOKEN=x", "FROM a:1"), "stages[0].instructions[0]"],
    },
    edge: {
        "a file's path": [dockerfile("FROM a:1", "ENV DB_PASSWORD_FILE=/run/secrets/a")],
        "an empty value": [dockerfile("FROM a:1", 'ENV DB_PASSWORD=""')],
        "a variable, which its ARG answers for": [dockerfile("FROM a:1", "ENV DB_PASSWORD=$X")],
    },
    unknown: {
        value: [
            raw({ stages: [{ instructions: [{ keyword: "ENV", properties: [{ name: "A", value: UNKNOWN }] }] }] }),
            "stages[0].instructions[0].properties[0].value",
        ],
    },
});
