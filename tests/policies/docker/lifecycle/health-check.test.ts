import rule from "../../../../policies/docker/lifecycle/health-check";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "a command": container(), "a job": container({ healthcheck: undefined, mustRun: false }) },
    bad: {
        nothing: [container({ healthcheck: undefined }), "healthcheck"],
        NONE: [container({ healthcheck: { tests: ["NONE"] } }), "healthcheck"],
        "times alone": [container({ healthcheck: { interval: "10s" } }), "healthcheck"],
    },
    edge: {
        "a text is no check": [container({ healthcheck: "curl" }), "healthcheck"],
        "an empty list": [container({ healthcheck: { tests: [] } }), "healthcheck"],
    },
    unknown: { check: [container({ healthcheck: UNKNOWN }), "healthcheck"] },
});
