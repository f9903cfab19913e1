import rule from "../../../../policies/docker/dockerfile/sudo";
import { dockerfile, dockerfileWith, rawDockerfile as raw } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        none: dockerfileWith("RUN make install"),
    },
    bad: {
        "at the beginning": [dockerfile("FROM a:1", "RUN sudo make install"), "stages[0].instructions[0]"],
        "after another": [dockerfile("FROM a:1", "RUN make && sudo make install"), "stages[0].instructions[0]"],
        "with a variable": [dockerfile("FROM a:1", "RUN A=1 sudo make"), "stages[0].instructions[0]"],
    },
    edge: {
        "in JSON": [dockerfile("FROM a:1", 'RUN ["sudo", "make", "install"]'), "stages[0].instructions[0]"],
        "it is installed": [dockerfile("FROM a:1", "RUN apk add sudo")],
        "a line of a here-document": [
            dockerfile("FROM a:1", "RUN <<EOF", "make", "sudo make install", "EOF"),
            "stages[0].instructions[0]",
        ],
        "for those who build on it": [dockerfile("FROM a:1", "ONBUILD RUN sudo make"), "stages[0].instructions[0]"],
    },
    unknown: {
        text: [
            raw({ stages: [{ instructions: [{ keyword: "RUN", text: UNKNOWN }] }] }),
            "stages[0].instructions[0].text",
        ],
    },
});
