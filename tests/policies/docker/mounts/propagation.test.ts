import rule from "../../../../policies/docker/mounts/propagation";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "says nothing": container(),
        private: container({
            mounts: [{ type: "bind", source: "/a", target: "/a", bindOptions: { propagation: "rprivate" } }],
        }),
    },
    bad: {
        shared: [
            container({ mounts: [{ bindOptions: { propagation: "shared" } }] }),
            "mounts[0].bindOptions.propagation",
        ],
        rshared: [
            container({ mounts: [{}, { bindOptions: { propagation: "rshared" } }] }),
            "mounts[1].bindOptions.propagation",
        ],
    },
    edge: {
        "from the host alone": [container({ mounts: [{ bindOptions: { propagation: "rslave" } }] })],
        "a text is no map": [container({ mounts: [{ bindOptions: "shared" }] }), "mounts[0].bindOptions"],
    },
    unknown: {
        propagation: [
            container({ mounts: [{ bindOptions: { propagation: UNKNOWN } }] }),
            "mounts[0].bindOptions.propagation",
        ],
    },
});
