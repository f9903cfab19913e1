import rule from "../../../../policies/docker/images/registry";
import { container, dockerfile } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

const ONE = { settings: { registries: ["registry.example.com"] } };

specify(rule, {
    good: { "all are trusted until some are named": container({ image: "evil.example/a:1" }) },
    bad: {
        another: { judged: container({ image: "evil.example/a:1" }), wrong: ["image"], with: ONE },
        "Docker Hub where it is not named": { judged: container({ image: "redis:7" }), wrong: ["image"], with: ONE },
        "in a Dockerfile": { judged: dockerfile("FROM redis:7"), wrong: ["stages[0].image"], with: ONE },
    },
    edge: {
        "the one that is named": { judged: container(), with: ONE },
        "one whose name begins so": {
            judged: container({ image: "registry.example.com.evil/a:1" }),
            wrong: ["image"],
            with: ONE,
        },
        "a path in it": {
            judged: container(),
            wrong: ["image"],
            with: { settings: { registries: ["registry.example.com/other"] } },
        },
        "Docker Hub by its name": {
            judged: container({ image: "redis:7" }),
            with: { settings: { registries: ["docker.io"] } },
        },
    },
    unknown: { image: [container({ image: UNKNOWN }), "image"] },
});
