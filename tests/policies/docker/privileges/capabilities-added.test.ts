import rule from "../../../../policies/docker/privileges/capabilities-added";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        none: container({ capabilities: {} }),
        "harmless ones": container({ capabilities: { adds: ["CAP_CHOWN", "net_bind_service"] } }),
    },
    bad: {
        "one that reaches the host": [
            container({ capabilities: { adds: ["CHOWN", "sys_admin"] } }),
            "capabilities.adds[1]",
        ],
        all: [container({ capabilities: { adds: ["ALL"] } }), "capabilities.adds[0]"],
        "of Docker's defaults the one that forges packets": [
            container({ capabilities: { adds: ["NET_RAW"] } }),
            "capabilities.adds[0]",
        ],
    },
    edge: {
        "allowed by its setting": {
            judged: container({ capabilities: { adds: ["NET_ADMIN"] } }),
            with: { settings: { allowed: ["NET_ADMIN"] } },
        },
        "a number is no capability": [container({ capabilities: { adds: [12] } }), "capabilities.adds[0]"],
    },
    unknown: {
        "one, the other is certain": {
            judged: container({ capabilities: { adds: [UNKNOWN, "SYS_PTRACE"] } }),
            unknown: ["capabilities.adds[0]"],
            wrong: ["capabilities.adds[1]"],
        },
    },
});
