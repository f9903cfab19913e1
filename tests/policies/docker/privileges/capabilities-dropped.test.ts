import rule from "../../../../policies/docker/privileges/capabilities-dropped";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { ALL: container(), "in lower case, with the prefix": container({ capabilities: { drops: ["cap_all"] } }) },
    bad: {
        nothing: [container({ capabilities: undefined }), "capabilities.drops"],
        some: [container({ capabilities: { drops: ["NET_RAW", "MKNOD"] } }), "capabilities.drops"],
    },
    edge: {
        "a text is no list": [container({ capabilities: { drops: "ALL" } }), "capabilities.drops"],
        "ALL among others": [container({ capabilities: { drops: ["NET_RAW", "ALL"] } })],
    },
    unknown: { list: [container({ capabilities: { drops: UNKNOWN } }), "capabilities.drops"] },
});
