import rule from "../../../../policies/docker/resources/cpu";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a limit": container(),
        "a number": container({ cpus: 2 }),
        "a share": container({ cpus: undefined, cpuShares: 512 }),
        "a quota": container({ cpus: undefined, cpuQuota: 50000 }),
    },
    bad: {
        nothing: [container({ cpus: undefined }), "cpus"],
        "0, which is none": [container({ cpus: "0", cpuShares: 0 }), "cpus"],
    },
    edge: {
        "a text that is no number": [container({ cpus: "some" }), "cpus"],
        "which processors says not how much": [container({ cpus: undefined, cpuSet: "0" }), "cpus"],
    },
    unknown: { value: [container({ cpus: UNKNOWN }), "cpus"] },
});
