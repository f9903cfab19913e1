import rule from "../../../../policies/aws/s3/multipart";
import { bucket, partV2, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const ABORTS = { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } };

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
        "for a part of it": [
            bucket({
                LifecycleConfiguration: {
                    rules: [{ ...ABORTS, filter: { and: { prefix: "log/", tags: { a: "b" } } } }],
                },
            }),
            "BucketLifecycleConfiguration/shop",
        ],
        "under the name of version 6, of a bucket that is not in the stack": [
            partV2("LifecycleConfiguration", { rules: [{ ...ABORTS, status: "Disabled" }] }, "other"),
            "",
        ],
        "after no days": [plain({ lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 0 }] }), ""],
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
