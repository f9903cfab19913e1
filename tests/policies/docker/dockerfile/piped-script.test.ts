import rule from "../../../../policies/docker/dockerfile/piped-script";
import { dockerfile, dockerfileWith, rawDockerfile as raw } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "compared first": dockerfileWith("RUN curl -o a https://a/b && echo abc a | sha256sum -c && sh a"),
    },
    bad: {
        "curl to bash": [
            dockerfile("FROM a:1", "RUN curl -fsSL https://a/b | bash -s -- -y"),
            "stages[0].instructions[0]",
        ],
        "wget to sh by its path": [
            dockerfile("FROM a:1", "RUN wget -qO- https://a/b | sudo -E /bin/sh"),
            "stages[0].instructions[0]",
        ],
        substituted: [dockerfile("FROM a:1", "RUN bash <(curl -s https://a/b)"), "stages[0].instructions[0]"],
        "in quotes": [dockerfile("FROM a:1", 'RUN sh -c "$(curl -fsSL https://a/b)"'), "stages[0].instructions[0]"],
        "to Python": [dockerfile("FROM a:1", "RUN curl -s https://a/b | python3 -"), "stages[0].instructions[0]"],
    },
    edge: {
        "an archive is unpacked": [dockerfile("FROM a:1", "RUN curl -s https://a/b | tar xz")],
        "two commands": [dockerfile("FROM a:1", "RUN curl -o a https://a/b; ls | sh")],
        "a program whose name begins so": [dockerfile("FROM a:1", "RUN curl https://a | shasum")],
    },
    unknown: {
        text: [
            raw({ stages: [{ instructions: [{ keyword: "RUN", text: UNKNOWN }] }] }),
            "stages[0].instructions[0].text",
        ],
    },
});
