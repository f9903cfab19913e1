import rule from "../../../../policies/aws/s3/force-destroy";
import { plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": plain(), "says no": plain({ forceDestroy: false }) },
    bad: { "says yes": [plain({ forceDestroy: true }), "forceDestroy"] },
    edge: { "a text is no pass": [plain({ forceDestroy: "false" }), "forceDestroy"] },
    unknown: { value: [plain({ forceDestroy: UNKNOWN }), "forceDestroy"] },
});
