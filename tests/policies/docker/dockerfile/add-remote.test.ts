import rule from "../../../../policies/docker/dockerfile/add-remote";
import { dockerfile, dockerfileWith, rawDockerfile as raw } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        COPY: dockerfileWith(),
        "with its checksum": dockerfileWith("ADD --checksum=sha256:abc https://a/b /a"),
        "a commit": dockerfileWith(`ADD https://github.com/a/b.git#${"0".repeat(40)} /a`),
    },
    bad: {
        "an address": [dockerfile("FROM a:1", "ADD https://a/b.tar.gz /a"), "stages[0].instructions[0]"],
        "a repository": [dockerfile("FROM a:1", "ADD git@github.com:a/b.git#main /a"), "stages[0].instructions[0]"],
    },
    edge: {
        "a file that is called so": [dockerfile("FROM a:1", "ADD https/a /a")],
        "among files": [dockerfile("FROM a:1", "ADD a.tar http://a/b /a/"), "stages[0].instructions[0]"],
    },
    unknown: {
        text: [
            raw({ stages: [{ instructions: [{ keyword: "ADD", text: UNKNOWN }] }] }),
            "stages[0].instructions[0].text",
        ],
    },
});
