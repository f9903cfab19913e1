import rule from "../../../../policies/docker/privileges/privileged";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": container({ privileged: undefined }), "says no": container() },
    bad: { "says yes": [container({ privileged: true }), "privileged"] },
    edge: {
        "a text is no pass": [container({ privileged: "no" }), "privileged"],
        "null is absent": [container({ privileged: null })],
    },
    unknown: { value: [container({ privileged: UNKNOWN }), "privileged"] },
});
