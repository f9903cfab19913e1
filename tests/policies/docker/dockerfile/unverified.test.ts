import rule from "../../../../policies/docker/dockerfile/unverified";
import { dockerfile, dockerfileWith, rawDockerfile as raw } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "as it should be": dockerfileWith("RUN curl -fsSL https://a -o b"),
    },
    bad: {
        "apt-get": [
            dockerfile("FROM a:1", "RUN apt-get install --allow-unauthenticated x"),
            "stages[0].instructions[0]",
        ],
        apk: [dockerfile("FROM a:1", "RUN apk add --allow-untrusted x"), "stages[0].instructions[0]"],
        yum: [dockerfile("FROM a:1", "RUN yum install --nogpgcheck x"), "stages[0].instructions[0]"],
        pip: [dockerfile("FROM a:1", "RUN pip install --trusted-host a x"), "stages[0].instructions[0]"],
        curl: [dockerfile("FROM a:1", "RUN curl -sSk https://a"), "stages[0].instructions[0]"],
        wget: [dockerfile("FROM a:1", "RUN wget --no-check-certificate https://a"), "stages[0].instructions[0]"],
        npm: [dockerfile("FROM a:1", "RUN npm config set strict-ssl false"), "stages[0].instructions[0]"],
        "an environment": [dockerfile("FROM a:1", "ENV NODE_TLS_REJECT_UNAUTHORIZED=0"), "stages[0].instructions[0]"],
    },
    edge: {
        "-k of another program": [dockerfile("FROM a:1", "RUN sort -k 2 a")],
        "an option of curl's that ends in k": [dockerfile("FROM a:1", "RUN curl --netrc-blank https://a")],
        "certificates kept": [dockerfile("FROM a:1", "RUN npm config set strict-ssl true")],
    },
    unknown: {
        text: [
            raw({ stages: [{ instructions: [{ keyword: "RUN", text: UNKNOWN }] }] }),
            "stages[0].instructions[0].text",
        ],
    },
});
