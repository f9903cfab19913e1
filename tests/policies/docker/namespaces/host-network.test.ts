import rule from "../../../../policies/docker/namespaces/host-network";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a network of its own": container(),
        none: container({ networkMode: "none", networksAdvanced: undefined }),
    },
    bad: {
        mode: [container({ networkMode: "host" }), "networkMode"],
        "by the network's name": [
            container({ networksAdvanced: [{ name: "shop" }, { name: "host" }] }),
            "networksAdvanced[1].name",
        ],
    },
    edge: {
        "a network that is called so in part": [container({ networksAdvanced: [{ name: "localhost" }] })],
        "a list is no mode": [container({ networkMode: ["host"] }), "networkMode"],
    },
    unknown: {
        "the mode, a network is certain": {
            judged: container({ networkMode: UNKNOWN, networksAdvanced: [{ name: "host" }] }),
            unknown: ["networkMode"],
            wrong: ["networksAdvanced[0].name"],
        },
    },
});
