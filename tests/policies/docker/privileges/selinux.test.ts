import rule from "../../../../policies/docker/privileges/selinux";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": container(), "a type": container({ securityOpts: ["label=type:svirt_apache_t"] }) },
    bad: {
        disabled: [container({ securityOpts: ["label:disable"] }), "securityOpts[0]"],
        "with an equals sign": [container({ securityOpts: ["label=disable"] }), "securityOpts[0]"],
    },
    edge: { "a level of that name": [container({ securityOpts: ["label=level:disable"] })] },
    unknown: { option: [container({ securityOpts: [UNKNOWN] }), "securityOpts[0]"] },
});
