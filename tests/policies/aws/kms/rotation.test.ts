import rule from "../../../../policies/aws/kms/rotation";
import { aws } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const key = (props: object) => aws("kms/key:Key", { enableKeyRotation: true, ...props });

specify(rule, {
    good: { "every year": key({}), sooner: key({ rotationPeriodInDays: 90 }) },
    bad: {
        nothing: [key({ enableKeyRotation: undefined }), "enableKeyRotation"],
        later: [key({ rotationPeriodInDays: 366 }), "rotationPeriodInDays"],
    },
    edge: {
        "a key that AWS cannot change by itself": [
            key({ enableKeyRotation: false, customerMasterKeySpec: "RSA_4096" }),
        ],
        "a text is no pass": [key({ enableKeyRotation: "true" }), "enableKeyRotation"],
    },
    unknown: { value: [key({ enableKeyRotation: UNKNOWN }), "enableKeyRotation"] },
});
