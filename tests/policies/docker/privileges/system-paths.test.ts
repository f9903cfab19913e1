import rule from "../../../../policies/docker/privileges/system-paths";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

const options = (...securityOpts: unknown[]) => container({ securityOpts });

specify(rule, {
    good: { "another option": options("no-new-privileges:true"), none: container({ securityOpts: undefined }) },
    bad: {
        unconfined: [options("no-new-privileges", "systempaths=unconfined"), "securityOpts[1]"],
        "with the older sign": [options("systempaths:unconfined"), "securityOpts[0]"],
    },
    edge: {
        "what else is unconfined": [options("seccomp=unconfined")],
        "no option": [
            options(["systempaths=unconfined"], "systempaths=unconfined"),
            "securityOpts[0]",
            "securityOpts[1]",
        ],
        "a text": [container({ securityOpts: "systempaths=unconfined" }), "securityOpts"],
    },
    unknown: {
        "one option, another is certain": {
            judged: options(UNKNOWN, "systempaths=unconfined"),
            unknown: ["securityOpts[0]"],
            wrong: ["securityOpts[1]"],
        },
    },
});
