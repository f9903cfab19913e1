import rule from "../../../../policies/aws/s3/encryption";
import { bucket, others, part, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a key": bucket(),
        "as the bucket's own input": plain({
            serverSideEncryptionConfiguration: {
                rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } },
            },
        }),
        "as older providers have it": plain({
            serverSideEncryptionConfigurations: [
                { rules: [{ applyServerSideEncryptionByDefaults: [{ sseAlgorithm: "aws:kms:dsse" }] }] },
            ],
        }),
        "S3's own where access logs go, which take no other": [...bucket(), ...others()],
    },
    bad: {
        nothing: [plain(), ""],
        "S3's own": [
            bucket({
                ServerSideEncryptionConfiguration: {
                    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
                },
            }),
            "BucketServerSideEncryptionConfiguration/shop",
        ],
    },
    edge: {
        "another bucket's": [
            [plain(), part("ServerSideEncryptionConfiguration", { rules: [] }, "other")],
            "Bucket/shop",
        ],
        "rules that are a text": [bucket({ ServerSideEncryptionConfiguration: { rules: "all" } }), "Bucket/shop rules"],
    },
    unknown: {
        "whose it is": [
            [plain({ bucket: UNKNOWN }), part("ServerSideEncryptionConfiguration", { bucket: UNKNOWN })],
            "Bucket/shop bucket",
        ],
    },
});
