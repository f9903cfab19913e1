import rule from "../../../../policies/aws/s3/multipart";
import { bucket, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a rule": bucket(),
        "its own input": plain({ lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 7 }] }),
    },
    bad: {
        nothing: [plain(), ""],
        "another rule": [
            bucket({ LifecycleConfiguration: { rules: [{ status: "Enabled", expiration: { days: 1 } }] } }),
            "BucketLifecycleConfiguration/shop",
        ],
    },
    edge: {
        "a rule that is not in force": [
            bucket({
                LifecycleConfiguration: {
                    rules: [{ status: "Disabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } }],
                },
            }),
            "BucketLifecycleConfiguration/shop",
        ],
        "a rule that is a text": [bucket({ LifecycleConfiguration: { rules: ["x"] } }), "Bucket/shop rules[0]"],
    },
    unknown: { rules: [bucket({ LifecycleConfiguration: { rules: UNKNOWN } }), "Bucket/shop rules"] },
});
