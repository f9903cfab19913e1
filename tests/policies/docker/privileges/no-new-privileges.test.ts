import rule from "../../../../policies/docker/privileges/no-new-privileges";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "with true": container(),
        alone: container({ securityOpts: ["no-new-privileges"] }),
        "with an equals sign": container({ securityOpts: ["label=type:x", "no-new-privileges=true"] }),
    },
    bad: {
        nothing: [container({ securityOpts: undefined }), "securityOpts"],
        "takes it back": [container({ securityOpts: ["no-new-privileges:false"] }), "securityOpts[0]"],
    },
    edge: {
        "something of that beginning": [container({ securityOpts: ["no-new-privileges-please"] }), "securityOpts"],
        "a text is no list": [container({ securityOpts: "no-new-privileges" }), "securityOpts"],
    },
    unknown: { list: [container({ securityOpts: UNKNOWN }), "securityOpts"] },
});
