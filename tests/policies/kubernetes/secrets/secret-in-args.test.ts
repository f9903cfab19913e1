import rule from "../../../../policies/kubernetes/secrets/secret-in-args";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { nothing: pod(), "a file": container({ args: ["--password-file=/run/x", "--verbose", "--token-ttl=5"] }) },
    bad: {
        "an option": [container({ args: ["--a", "--password=hunter2"] }), "spec.containers[0].args[1]"],
        "an option's next word": [container({ args: ["--password", "hunter2"] }), "spec.containers[0].args[1]"],
        "of a shell": [
            container({ command: ["sh", "-c", "PGPASSWORD=hunter2 psql"] }),
            "spec.containers[0].command[2]",
        ],
        "of a probe": [
            container({ livenessProbe: { exec: { command: ["redis-cli", "-a", "hunter2", "ping"] } } }),
            "spec.containers[0].livenessProbe.exec.command[2]",
        ],
        "a URL": [container({ command: ["psql", "postgres://a:b@c/d"] }), "spec.containers[0].command[1]"],
    },
    edge: {
        "a variable": [container({ args: ["--password=$(DB_PASSWORD)"] })],
        "a text instead of a list": [container({ command: "sh" }), "spec.containers[0].command"],
    },
    unknown: {
        "an argument": [container({ args: [UNKNOWN] }), "spec.containers[0].args[0]"],
        "one, another is certain": {
            judged: container({ args: [UNKNOWN, "--token=abc"] }),
            unknown: ["spec.containers[0].args[0]"],
            wrong: ["spec.containers[0].args[1]"],
        },
    },
});
