import rule from "../../../../policies/docker/namespaces/host-users";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": container({ usernsMode: undefined }), another: container({ usernsMode: "" }) },
    bad: { host: [container({ usernsMode: "host" }), "usernsMode"] },
    edge: {
        "a list is no mode": [container({ usernsMode: ["host"] }), "usernsMode"],
        "null is absent": [container({ usernsMode: null })],
    },
    unknown: { mode: [container({ usernsMode: UNKNOWN }), "usernsMode"] },
});
