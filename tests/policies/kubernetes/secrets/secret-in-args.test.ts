import rule from "../../../../policies/kubernetes/secrets/secret-in-args";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { nothing: pod(), "a file": container({ args: ["--password-file=/run/x", "--verbose", "--token-ttl=5"] }) },
    bad: {
        "an option": [container({ args: ["--a", "--password=hunter2"] }), "spec.containers[0].args[1]"],
        "a URL": [container({ command: ["psql", "postgres://a:b@c/d"] }), "spec.containers[0].command[1]"],
    },
    edge: {
        "a variable": [container({ args: ["--password=$(DB_PASSWORD)"] })],
        "a text instead of a list": [container({ command: "sh" }), "spec.containers[0].command"],
    },
    unknown: { "an argument": [container({ args: [UNKNOWN] }), "spec.containers[0].args[0]"] },
});
