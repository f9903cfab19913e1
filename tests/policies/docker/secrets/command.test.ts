import rule from "../../../../policies/docker/secrets/command";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        none: container(),
        "a file": container({ command: ["serve", "--password-file", "/run/secrets/a"] }),
        nothing: container({ command: undefined }),
    },
    bad: {
        "an option's next word": [container({ command: ["serve", "--db-password", "hunter2"] }), "command[2]"],
        "with an equals sign": [container({ command: ["serve", "--api-token=hunter2"] }), "command[1]"],
        "Redis's": [container({ command: ["redis-server", "--requirepass", "hunter2"] }), "command[2]"],
        "a shell's line": [container({ entrypoints: ["sh", "-c", "PGPASSWORD=hunter2 psql"] }), "entrypoints[2]"],
        "in a health check": [
            container({ healthcheck: { tests: ["CMD", "curl", "http://a:hunter2@localhost/"] } }),
            "healthcheck.tests[2]",
        ],
    },
    edge: {
        "a variable": [container({ command: ["sh", "-c", "psql --password $PASSWORD"] })],
        "an option without a word after it": [container({ command: ["psql", "--password", "--verbose"] })],
        "a number among the words": [container({ command: ["serve", 8080] })],
        "a command that is a text": [container({ command: "serve" }), "command"],
    },
    unknown: {
        "the command, the health check is certain": {
            judged: container({ command: UNKNOWN, healthcheck: { tests: ["CMD", "x", "--token=abc"] } }),
            unknown: ["command"],
            wrong: ["healthcheck.tests[2]"],
        },
    },
});
