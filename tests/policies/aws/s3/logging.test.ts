import rule from "../../../../policies/aws/s3/logging";
import { bucket, others, part, plain, plainV2 } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "another bucket": [...bucket(), ...others()],
        "where others log into, by their own input": [
            plain({ logging: { targetBucket: "logs" } }),
            plainV2({ loggings: [{ targetBucket: "logs" }] }, "more"),
            plain({}, "logs"),
        ],
        "where S3's logging may write, by a grant": plain({
            grants: [{ uri: "http://acs.amazonaws.com/groups/s3/LogDelivery", permissions: ["WRITE"] }],
        }),
        "its own input": plain({ logging: { targetBucket: "logs" } }),
    },
    bad: {
        nothing: [plain(), ""],
        "without a bucket": [bucket({ Logging: { targetPrefix: "a/" } }), "BucketLogging/shop targetBucket"],
    },
    edge: {
        "by its own input without a bucket": [plain({ logging: { targetPrefix: "a/" } }), "logging.targetBucket"],
        "where what it lets write is not known": [plain({ policy: UNKNOWN }), ""],
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
