import rule from "../../../../policies/docker/lifecycle/log-rotation";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a size": container(),
        "a driver that rotates by itself": container({ logDriver: "local", logOpts: undefined }),
        "logs that go elsewhere": container({ logDriver: "journald", logOpts: undefined }),
    },
    bad: {
        "says nothing": [container({ logDriver: undefined, logOpts: undefined }), "logOpts.max-size"],
        "files without a size": [container({ logOpts: { "max-file": "3" } }), "logOpts.max-size"],
        none: [container({ logDriver: "none" }), "logDriver"],
    },
    edge: {
        "-1 is no size": [container({ logOpts: { "max-size": "-1" } }), "logOpts.max-size"],
        "options that are a list": [container({ logOpts: ["max-size=1m"] }), "logOpts"],
    },
    unknown: { size: [container({ logOpts: { "max-size": UNKNOWN } }), "logOpts.max-size"] },
});
