import rule from "../../../../policies/kubernetes/images/image-registry";
import { container } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "all are trusted where none is named": container({ image: "anything.example/x:1" }) },
    bad: {
        "another one": {
            judged: container({ image: "registry.example.org/a:1" }),
            with: { settings: { registries: ["registry.example.com"] } },
            wrong: ["spec.containers[0].image"],
        },
    },
    edge: {
        "one of two, with its path": {
            judged: container({ image: "ghcr.io/team/api:1" }),
            with: { settings: { registries: ["registry.example.com", "ghcr.io/team"] } },
        },
        "a path that begins like it": {
            judged: container({ image: "ghcr.io/teams/api:1" }),
            with: { settings: { registries: ["ghcr.io/team"] } },
            wrong: ["spec.containers[0].image"],
        },
        "an official image is Docker Hub's": {
            judged: container({ image: "nginx:1" }),
            with: { settings: { registries: ["docker.io/library"] } },
        },
    },
    unknown: { image: [container({ image: UNKNOWN }), "spec.containers[0].image"] },
});
