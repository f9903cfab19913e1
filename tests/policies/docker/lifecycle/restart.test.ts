import rule from "../../../../policies/docker/lifecycle/restart";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "unless stopped": container(),
        "five times": container({ restart: "on-failure", maxRetryCount: 5 }),
        "a job": container({ restart: "no", mustRun: false }),
    },
    bad: {
        always: [container({ restart: "always" }), "restart"],
        nothing: [container({ restart: undefined }), "restart"],
        "without end": [container({ restart: "on-failure" }), "maxRetryCount"],
        "too often": [container({ restart: "on-failure", maxRetryCount: 6 }), "maxRetryCount"],
    },
    edge: {
        "a job that is not known to be one": [container({ restart: "no", mustRun: null }), "restart"],
        "a number is no policy": [container({ restart: 5 }), "restart"],
    },
    unknown: {
        policy: [container({ restart: UNKNOWN }), "restart"],
        often: [container({ restart: "on-failure", maxRetryCount: UNKNOWN }), "maxRetryCount"],
    },
});
