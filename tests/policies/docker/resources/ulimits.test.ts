import rule from "../../../../policies/docker/resources/ulimits";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { none: container({ ulimits: undefined }), numbers: container() },
    bad: {
        files: [container({ ulimits: [{ name: "nofile", soft: 1024, hard: -1 }] }), "ulimits[0].hard"],
        processes: [
            container({ ulimits: [{ name: "nproc", soft: -1, hard: -1 }] }),
            "ulimits[0].soft",
            "ulimits[0].hard",
        ],
    },
    edge: {
        "memory that may be locked is the container's own": [
            container({ ulimits: [{ name: "memlock", soft: -1, hard: -1 }] }),
        ],
        "a text is no number": [
            container({ ulimits: [{ name: "nproc", soft: "unlimited", hard: 1 }] }),
            "ulimits[0].soft",
        ],
    },
    unknown: { limit: [container({ ulimits: [{ name: "nproc", soft: UNKNOWN, hard: 1 }] }), "ulimits[0].soft"] },
});
