import rule from "../../../../policies/docker/resources/read-only-root";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "read-only": container() },
    bad: {
        "says nothing": [container({ readOnly: undefined }), "readOnly"],
        "says no": [container({ readOnly: false }), "readOnly"],
    },
    edge: { "the text true is no pass": [container({ readOnly: "true" }), "readOnly"] },
    unknown: { value: [container({ readOnly: UNKNOWN }), "readOnly"] },
});
