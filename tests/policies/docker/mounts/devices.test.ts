import rule from "../../../../policies/docker/mounts/devices";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { none: container(), "a GPU": container({ gpus: "all" }) },
    bad: {
        "a disk": [container({ devices: [{ hostPath: "/dev/sda" }] }), "devices[0]"],
        "a rule": [container({ deviceCgroupRules: ["c 1:3 mr"] }), "deviceCgroupRules[0]"],
    },
    edge: {
        "an empty list": [container({ devices: [] })],
        "a device that is a text": [container({ devices: ["/dev/sda"] }), "devices[0]"],
    },
    unknown: {
        "the devices, a rule is certain": {
            judged: container({ devices: UNKNOWN, deviceCgroupRules: ["a"] }),
            unknown: ["devices"],
            wrong: ["deviceCgroupRules[0]"],
        },
    },
});
