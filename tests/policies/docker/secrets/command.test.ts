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
        "Redis's client's": [
            container({ healthcheck: { tests: ["CMD", "redis-cli", "-a", "hunter2", "ping"] } }),
            "healthcheck.tests[3]",
        ],
        "MySQL's client's, in a shell's line": [
            container({ healthcheck: { tests: ["CMD-SHELL", "/usr/bin/mysqladmin ping -uroot -phunter2 || exit 1"] } }),
            "healthcheck.tests[1]",
        ],
        "curl's": [
            container({ healthcheck: { tests: ["CMD", "curl", "-u", "me:hunter2", "http://127.0.0.1/"] } }),
            "healthcheck.tests[3]",
        ],
        "in a health check": [
            container({ healthcheck: { tests: ["CMD", "curl", "http://a:hunter2@localhost/"] } }),
            "healthcheck.tests[2]",
        ],
    },
    edge: {
        "a variable": [container({ command: ["sh", "-c", "psql --password $PASSWORD"] })],
        "an option without a word after it": [container({ command: ["psql", "--password", "--verbose"] })],
        "a client's variable": [
            container({
                healthcheck: { tests: ["CMD-SHELL", 'redis-cli -a "$REDIS_PASSWORD" ping && mysqladmin -p$PW ping'] },
            }),
        ],
        "a client that asks": [container({ command: ["mysql", "-p"] })],
        "a user without a password": [container({ command: ["curl", "-u", "me", "http://127.0.0.1/"] })],
        "the same option of another program": [
            container({ command: ["sh", "-c", "redis-cli ping && ps -a hunter2; mkdir -pv a"] }),
        ],
        "a number among the words": [container({ command: ["serve", 8080] })],
        "a command that is a text": [container({ command: "serve" }), "command"],
    },
    unknown: {
        "the command, the health check is certain": {
            judged: container({ command: UNKNOWN, healthcheck: { tests: ["CMD", "x", "--token=abc"] } }),
            unknown: ["command"],
            wrong: ["healthcheck.tests[2]"],
        },
        "a word, another is certain": {
            judged: container({ command: [UNKNOWN, "--api-token=hunter2"] }),
            unknown: ["command[0]"],
            wrong: ["command[1]"],
        },
        "an option's value, the word after it is none": [
            container({ command: ["redis-cli", "-a", UNKNOWN, "ping", "--api-token", UNKNOWN, "now"] }),
            ...["command[2]", "command[5]"],
        ],
    },
});
