import rule from "../../../../policies/docker/namespaces/host-uts";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": container({ utsMode: undefined }), another: container({ utsMode: "" }) },
    bad: { host: [container({ utsMode: "host" }), "utsMode"] },
    edge: {
        "a list is no mode": [container({ utsMode: ["host"] }), "utsMode"],
        "null is absent": [container({ utsMode: null })],
    },
    unknown: { mode: [container({ utsMode: UNKNOWN }), "utsMode"] },
});
