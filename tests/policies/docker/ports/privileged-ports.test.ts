import rule from "../../../../policies/docker/ports/privileged-ports";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        none: container({ ports: undefined }),
        "a high one": container(),
        any: container({ ports: [{ internal: 80 }] }),
    },
    bad: {
        "80": [container({ ports: [{ internal: 8080, external: 80 }] }), "ports[0].external"],
        "1023": [container({ ports: [{ internal: 1, external: 1023 }] }), "ports[0].external"],
    },
    edge: {
        "1024": [container({ ports: [{ internal: 80, external: 1024 }] })],
        "0 is any": [container({ ports: [{ internal: 80, external: 0 }] })],
        "allowed by its setting": {
            judged: container({ ports: [{ internal: 1, external: 443 }] }),
            with: { settings: { allowed: ["443"] } },
        },
        "a text is no port": [container({ ports: [{ internal: 80, external: "80" }] }), "ports[0].external"],
    },
    unknown: { port: [container({ ports: [{ internal: 80, external: UNKNOWN }] }), "ports[0].external"] },
});
