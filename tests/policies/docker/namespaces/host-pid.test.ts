import rule from "../../../../policies/docker/namespaces/host-pid";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": container({ pidMode: undefined }), another: container({ pidMode: "container:api" }) },
    bad: { host: [container({ pidMode: "host" }), "pidMode"] },
    edge: {
        "a list is no mode": [container({ pidMode: ["host"] }), "pidMode"],
        "null is absent": [container({ pidMode: null })],
    },
    unknown: { mode: [container({ pidMode: UNKNOWN }), "pidMode"] },
});
