import rule from "../../../../policies/docker/dockerfile/ssh";
import { dockerfile, dockerfileWith, rawDockerfile as raw } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        another: dockerfileWith("EXPOSE 8080"),
    },
    bad: {
        "22": [dockerfile("FROM a:1", "EXPOSE 22"), "stages[0].instructions[0]"],
        "with its protocol, among others": [dockerfile("FROM a:1", "EXPOSE 80 22/tcp"), "stages[0].instructions[0]"],
    },
    edge: {
        "22 of the other protocol": [dockerfile("FROM a:1", "EXPOSE 22/udp")],
        "2222": [dockerfile("FROM a:1", "EXPOSE 2222")],
    },
    unknown: {
        text: [
            raw({ stages: [{ instructions: [{ keyword: "EXPOSE", text: UNKNOWN }] }] }),
            "stages[0].instructions[0].text",
        ],
    },
});
