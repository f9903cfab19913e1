import rule from "../../../../policies/aws/s3/expiration";
import { bucket, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a rule": bucket(),
        "its own input": plain({ lifecycleRules: [{ enabled: true, noncurrentVersionExpiration: { days: 7 } }] }),
    },
    bad: {
        nothing: [plain(), ""],
        "of current versions alone": [
            bucket({ LifecycleConfiguration: { rules: [{ status: "Enabled", expiration: { days: 1 } }] } }),
            "BucketLifecycleConfiguration/shop",
        ],
    },
    edge: {
        "after no days": [
            bucket({
                LifecycleConfiguration: {
                    rules: [{ status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 0 } }],
                },
            }),
            "BucketLifecycleConfiguration/shop",
        ],
    },
    unknown: {
        days: [
            bucket({
                LifecycleConfiguration: {
                    rules: [{ status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: UNKNOWN } }],
                },
            }),
            "Bucket/shop rules[0].noncurrentVersionExpiration.noncurrentDays",
        ],
    },
});
