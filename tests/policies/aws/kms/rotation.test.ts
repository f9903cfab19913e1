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
        "a key in a store of one's own": [key({ enableKeyRotation: false, customKeyStoreId: "cks-1" })],
        "a key of a store that is not set": [
            key({ enableKeyRotation: false, customKeyStoreId: null }),
            "enableKeyRotation",
        ],
        "to sign": [key({ enableKeyRotation: undefined, keyUsage: "GENERATE_VERIFY_MAC" })],
        "a text is no pass": [key({ enableKeyRotation: "true" }), "enableKeyRotation"],
    },
    unknown: { value: [key({ enableKeyRotation: UNKNOWN }), "enableKeyRotation"] },
});
