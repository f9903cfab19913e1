import rule from "../../../../policies/docker/dockerfile/add";
import { dockerfile, dockerfileWith, rawDockerfile as raw } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { COPY: dockerfileWith(), "an archive that is to be unpacked": dockerfileWith("ADD rootfs.tar.xz /") },
    bad: {
        "a file": [dockerfile("FROM a:1", "ADD a /a"), "stages[0].instructions[0]"],
        "in JSON": [dockerfile("FROM a:1", 'ADD ["a b", "/a"]'), "stages[0].instructions[0]"],
    },
    edge: {
        "an archive in quotes": [dockerfile("FROM a:1", 'ADD "root fs.tgz" "/"')],
        "an address in quotes": [dockerfile("FROM a:1", 'ADD "https://a/b" /a')],
        "packed, by its name": [dockerfile("FROM a:1", "ADD rootfs.xz /")],
        "an address has a rule of its own": [dockerfile("FROM a:1", "ADD https://a/b /a")],
        "with an option": [dockerfile("FROM a:1", "ADD --chown=1:1 a /a"), "stages[0].instructions[0]"],
        "over two lines": [dockerfile("FROM a:1", "ADD a \\", "  /a"), "stages[0].instructions[0]"],
    },
    unknown: {
        text: [
            raw({ stages: [{ instructions: [{ keyword: "ADD", text: UNKNOWN }] }] }),
            "stages[0].instructions[0].text",
        ],
    },
});
