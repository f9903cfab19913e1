import rule from "../../../../policies/docker/namespaces/default-bridge";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a network by name": container(),
        "no network": container({ networkMode: "none", networksAdvanced: undefined }),
        "another container's": container({ networkMode: "container:api", networksAdvanced: undefined }),
    },
    bad: {
        "says nothing": [container({ networkMode: undefined, networksAdvanced: undefined }), "networksAdvanced"],
        bridge: [container({ networksAdvanced: [] }), "networksAdvanced"],
        default: [container({ networkMode: "default", networksAdvanced: undefined }), "networksAdvanced"],
    },
    edge: {
        "a network whose id is not known yet is one": [container({ networksAdvanced: [{ name: UNKNOWN }] })],
        "a network's name as the mode": [container({ networkMode: "shop", networksAdvanced: undefined })],
    },
    unknown: { mode: [container({ networkMode: UNKNOWN, networksAdvanced: [] }), "networkMode"] },
});
