import rule from "../../../../policies/docker/secrets/environment";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a file's path": container(),
        "no value": container({ envs: ["DB_PASSWORD"] }),
        "a time to live": container({ envs: ["TOKEN_TTL=60"] }),
    },
    bad: {
        password: [container({ envs: ["A=1", "DB_PASSWORD=hunter2"] }), "envs[1]"],
        "an address with a password": [container({ envs: ["DATABASE_URL=postgres://app:hunter2@db/app"] }), "envs[0]"],
        "a key by what it looks like": [container({ envs: ["X=AKIAABCDEFGHIJKLMNOP"] }), "envs[0]"],
    },
    edge: {
        "an empty value": [container({ envs: ["DB_PASSWORD="] })],
        "a value with line breaks": [container({ envs: ["API_TOKEN=a\nb"] }), "envs[0]"],
        "a map is no list": [container({ envs: { A: "1" } }), "envs"],
    },
    unknown: {
        "one, the other is certain": {
            judged: container({ envs: [UNKNOWN, "DB_PASSWORD=hunter2"] }),
            unknown: ["envs[0]"],
            wrong: ["envs[1]"],
        },
    },
});
