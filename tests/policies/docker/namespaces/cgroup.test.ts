import rule from "../../../../policies/docker/namespaces/cgroup";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": container(), "a namespace of its own": container({ cgroupnsMode: "private" }) },
    bad: {
        parent: [container({ cgroupParent: "/x" }), "cgroupParent"],
        "the host's namespace": [container({ cgroupnsMode: "host" }), "cgroupnsMode"],
    },
    edge: {
        "an empty parent is none": [container({ cgroupParent: "" })],
        "a number is no parent": [container({ cgroupParent: 1 }), "cgroupParent"],
    },
    unknown: {
        "the parent, the namespace is certain": {
            judged: container({ cgroupParent: UNKNOWN, cgroupnsMode: "host" }),
            unknown: ["cgroupParent"],
            wrong: ["cgroupnsMode"],
        },
    },
});
