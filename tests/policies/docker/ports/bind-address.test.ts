import rule from "../../../../policies/docker/ports/bind-address";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        none: container({ ports: undefined }),
        loopback: container(),
        "an interface": container({ ports: [{ internal: 80, ip: "10.0.0.5" }] }),
    },
    bad: {
        "says nothing": [container({ ports: [{ internal: 80, external: 8080 }] }), "ports[0].ip"],
        everywhere: [
            container({
                ports: [
                    { internal: 80, ip: "0.0.0.0" },
                    { internal: 80, ip: "::" },
                ],
            }),
            "ports[0].ip",
            "ports[1].ip",
        ],
        all: [container({ publishAllPorts: true }), "publishAllPorts"],
    },
    edge: {
        "an empty address": [container({ ports: [{ internal: 80, ip: "" }] }), "ports[0].ip"],
        "loopback of the new protocol": [container({ ports: [{ internal: 80, ip: "::1" }] })],
    },
    unknown: {
        "one, the other is certain": {
            judged: container({ ports: [{ internal: 80, ip: UNKNOWN }, { internal: 81 }] }),
            unknown: ["ports[0].ip"],
            wrong: ["ports[1].ip"],
        },
    },
});
