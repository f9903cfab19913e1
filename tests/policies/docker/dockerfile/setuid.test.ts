import rule from "../../../../policies/docker/dockerfile/setuid";
import { dockerfile, dockerfileWith, rawDockerfile as raw } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        none: dockerfileWith("RUN chmod 0755 /a"),
        "taken away": dockerfileWith("RUN chmod a-s /a"),
    },
    bad: {
        "by letter": [dockerfile("FROM a:1", "RUN chmod u+s /a"), "stages[0].instructions[0]"],
        "by number": [dockerfile("FROM a:1", "RUN chmod -R 4755 /a"), "stages[0].instructions[0]"],
        "while copying": [dockerfile("FROM a:1", "COPY --chmod=2755 a /a"), "stages[0].instructions[0]"],
        "for all": [dockerfile("FROM a:1", "RUN chmod +s /a"), "stages[0].instructions[0]"],
    },
    edge: {
        "a directory whose files are its group's": [dockerfile("FROM a:1", "RUN chmod 3777 /run/postgresql")],
        "the sticky bit": [dockerfile("FROM a:1", "RUN chmod 1777 /tmp")],
        "a number of five digits": [dockerfile("FROM a:1", "RUN chmod 04755 /a"), "stages[0].instructions[0]"],
    },
    unknown: {
        text: [
            raw({ stages: [{ instructions: [{ keyword: "RUN", text: UNKNOWN }] }] }),
            "stages[0].instructions[0].text",
        ],
    },
});
