import rule from "../../../../policies/docker/privileges/seccomp";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": container(), "a profile of its own": container({ securityOpts: ["seccomp=custom"] }) },
    bad: {
        unconfined: [container({ securityOpts: ["x", "seccomp=unconfined"] }), "securityOpts[1]"],
        "with a colon": [container({ securityOpts: ["seccomp:unconfined"] }), "securityOpts[0]"],
    },
    edge: {
        "another option's": [container({ securityOpts: ["systempaths=unconfined"] })],
        "a list that is a map": [container({ securityOpts: {} }), "securityOpts"],
        "what is no option": [container({ securityOpts: ["= x"] }), "securityOpts[0]"],
    },
    unknown: {
        "one, the other is certain": {
            judged: container({ securityOpts: [UNKNOWN, "seccomp=unconfined"] }),
            unknown: ["securityOpts[0]"],
            wrong: ["securityOpts[1]"],
        },
    },
});
