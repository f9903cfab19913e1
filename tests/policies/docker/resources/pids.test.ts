import type { Raw } from "../../../../policies/core/raw";
import { resource, type Resource } from "../../../../policies/core/resource";
import rule from "../../../../policies/docker/resources/pids";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

const UNLIMITED = container({ pidsLimit: undefined });
const LIMIT = 'docker update --pids-limit "$PIDS_LIMIT" $CONTAINERS';

/** A command that is given the container's id. */
function command(props: Raw, from: readonly string[] = ["urn:api"]): Resource {
    const options = { comesFrom: { environment: from } };
    return resource({ type: "command:local:Command", name: "Command/limit", props, options });
}

specify(rule, {
    good: {
        "a limit": container(),
        "by a command": [UNLIMITED, command({ create: LIMIT })],
        "by a command of several lines": [UNLIMITED, command({ create: `set -e\n${LIMIT}\ndocker start a` })],
    },
    bad: {
        nothing: [UNLIMITED, "pidsLimit"],
        "-1, which is none": [container({ pidsLimit: -1 }), "pidsLimit"],
        "a command that limits another": [
            [UNLIMITED, command({ create: LIMIT }, ["urn:web"])],
            "Container/api pidsLimit",
        ],
        "a command that does something else": [
            [UNLIMITED, command({ create: "docker update --memory 1g x" })],
            "Container/api pidsLimit",
        ],
    },
    edge: {
        "0, which is none": [container({ pidsLimit: 0 }), "pidsLimit"],
        "a text is no limit": [container({ pidsLimit: "many" }), "pidsLimit"],
        "a command that is not known yet limits nothing": [
            [UNLIMITED, command({ create: UNKNOWN })],
            "Container/api pidsLimit",
        ],
    },
    unknown: { limit: [container({ pidsLimit: UNKNOWN }), "pidsLimit"] },
});
