import rule from "../../../../policies/docker/secrets/build-arguments";
import type { Raw } from "../../../../policies/core/raw";
import { resource } from "../../../../policies/core/resource";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

const args = (...list: unknown[]) => container({ build: { args: list } });
const image = (type: string, props: Raw) => resource({ type, name: "Image/api", urn: "urn:api", props });
const built = (buildArgs: Raw) => image("docker-build:index:Image", { buildArgs });

specify(rule, {
    good: {
        "no build": container(),
        "a version": args("NODE_VERSION=22", "HTTP_PROXY"),
        "a build that is a directory": image("docker:index/image:Image", { build: "./api" }),
        "of a variable": args("NPM_TOKEN=$TOKEN"),
    },
    bad: {
        "a secret": [args("NODE_VERSION=22", "NPM_TOKEN=hunter2"), "build.args[1]"],
        "that of whoever builds": [args("NPM_TOKEN"), "build.args[0]"],
        "a URL with a password": [args("INDEX=https://me:hunter2@pypi.example.com/simple"), "build.args[0]"],
        "of an image of Pulumi's": [
            image("docker:index/image:Image", { build: { args: { NPM_TOKEN: "hunter2" } } }),
            "build.args.NPM_TOKEN",
        ],
        "of one of Buildx": [built({ NPM_TOKEN: "hunter2" }), "buildArgs.NPM_TOKEN"],
    },
    edge: {
        "an empty one": [args("NPM_TOKEN=")],
        "a map in the place of a text": [args({ NPM_TOKEN: "hunter2" }), "build.args[0]"],
        "a list in the place of a map": [image("docker-build:index:Image", { buildArgs: [] }), "buildArgs"],
    },
    unknown: {
        "one, another is certain": {
            judged: built({ A_TOKEN: UNKNOWN, B_TOKEN: "hunter2" }),
            unknown: ["buildArgs.A_TOKEN"],
            wrong: ["buildArgs.B_TOKEN"],
        },
        all: [container({ build: UNKNOWN }), "build"],
    },
});
