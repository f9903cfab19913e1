import rule from "../../../../policies/docker/resources/memory";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { some: container(), little: container({ memory: 0.5 }) },
    bad: {
        nothing: [container({ memory: undefined }), "memory"],
        "0, which is none": [container({ memory: 0 }), "memory"],
    },
    edge: {
        "a text that is no amount": [container({ memory: "much" }), "memory"],
        "a reservation is no limit": [container({ memory: undefined, memoryReservation: 64 }), "memory"],
        "less than nothing": [container({ memory: -1 }), "memory"],
    },
    unknown: { value: [container({ memory: UNKNOWN }), "memory"] },
});
