import rule from "../../../../policies/aws/s3/expiration";
import { bucket, part, plain, plainV2 } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const EXPIRES = { status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } };

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
        "of a part of it": [
            bucket({
                LifecycleConfiguration: {
                    rules: [
                        { ...EXPIRES, filter: { prefix: "log/" } },
                        { ...EXPIRES, filter: { tag: { key: "a", value: "b" } } },
                        { ...EXPIRES, filter: { objectSizeGreaterThan: 1000 } },
                        { ...EXPIRES, prefix: "tmp/" },
                    ],
                },
            }),
            "BucketLifecycleConfiguration/shop",
        ],
        "of all of it, said so": [
            bucket({ LifecycleConfiguration: { rules: [{ ...EXPIRES, filter: { prefix: "", and: null } }] } }),
        ],
        "as older providers have it, with tags that are none": [
            plainV2({ lifecycleRules: [{ enabled: true, tags: {}, noncurrentVersionExpirations: [{ days: 7 }] }] }),
        ],
        "of a bucket that is not in the stack": [part("LifecycleConfiguration", { rules: [] }, "other"), ""],
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
