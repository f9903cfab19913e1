import rule from "../../../../policies/aws/s3/logging";
import { bucket, others, part, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "another bucket": [...bucket(), ...others()],
        "its own input": plain({ logging: { targetBucket: "logs" } }),
    },
    bad: {
        nothing: [plain(), ""],
        "without a bucket": [bucket({ Logging: { targetPrefix: "a/" } }), "BucketLogging/shop targetBucket"],
    },
    edge: {
        "a bucket that is not known yet is one": [bucket({ Logging: { targetBucket: UNKNOWN } })],
        "a bucket that others only could log into": [
            [plain(), plain({}, "shop-log")],
            "Bucket/shop",
            "Bucket/shop-log",
        ],
    },
    unknown: {
        "whose it is": [
            [plain({ bucket: UNKNOWN }), part("Logging", { bucket: UNKNOWN, targetBucket: "a" })],
            "Bucket/shop bucket",
        ],
    },
});
