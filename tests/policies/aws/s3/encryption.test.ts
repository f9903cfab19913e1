import type { Raw } from "../../../../policies/core/raw";
import rule from "../../../../policies/aws/s3/encryption";
import { bucket, BY_OWN_KEY, others, part, partV2, plain, plainV2 } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

/** A bucket that KMS encrypts with this key. */
const byKey = (key: Raw) =>
    bucket({
        ServerSideEncryptionConfiguration: {
            rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", ...key } }],
        },
    });

const OWN = {
    ServerSideEncryptionConfiguration: {
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    },
};

specify(rule, {
    good: {
        "a key": bucket(),
        "a key by a name of its own": byKey({ kmsMasterKeyId: "alias/shop" }),
        "a key that the stack makes": byKey({ kmsMasterKeyId: UNKNOWN }),
        "as the bucket's own input": plain({
            serverSideEncryptionConfiguration: {
                rule: { applyServerSideEncryptionByDefault: BY_OWN_KEY },
            },
        }),
        "as older providers have it": plain({
            serverSideEncryptionConfigurations: [
                { rules: [{ applyServerSideEncryptionByDefaults: [{ ...BY_OWN_KEY, sseAlgorithm: "aws:kms:dsse" }] }] },
            ],
        }),
        "under the name of version 6": [
            plainV2(),
            partV2("ServerSideEncryptionConfiguration", {
                rules: [{ applyServerSideEncryptionByDefault: BY_OWN_KEY }],
            }),
        ],
        "S3's own where another's logging may write": bucket({ ...OWN, Acl: { acl: "log-delivery-write" } }),
        "S3's own where a policy lets logging write": bucket({
            ...OWN,
            Policy: {
                policy: {
                    Statement: {
                        ...{ Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" } },
                        ...{ Action: "s3:PutObject", Resource: "arn:aws:s3:::shop/*" },
                    },
                },
            },
        }),
        "S3's own where access logs go, which take no other": [...bucket(), ...others()],
    },
    bad: {
        nothing: [plain(), ""],
        "S3's own": [bucket(OWN), "BucketServerSideEncryptionConfiguration/shop"],
        "KMS without a key, which takes AWS's": [byKey({}), "BucketServerSideEncryptionConfiguration/shop"],
        "AWS's key by its name": [
            byKey({ kmsMasterKeyId: "arn:aws:kms:eu-central-1:123456789012:alias/aws/s3" }),
            "BucketServerSideEncryptionConfiguration/shop",
        ],
        "a key by its own input, S3's own beside": [
            bucket(OWN, {
                serverSideEncryptionConfiguration: {
                    rule: { applyServerSideEncryptionByDefault: BY_OWN_KEY },
                },
            }),
            "BucketServerSideEncryptionConfiguration/shop",
        ],
    },
    edge: {
        "another bucket's": [
            [plain(), part("ServerSideEncryptionConfiguration", { rules: [] }, "other")],
            "Bucket/shop",
            "BucketServerSideEncryptionConfiguration/other",
        ],
        "rules that are a text": [bucket({ ServerSideEncryptionConfiguration: { rules: "all" } }), "Bucket/shop rules"],
    },
    unknown: {
        "whose it is, that it says nothing is certain": {
            judged: [plain({ bucket: UNKNOWN }), part("ServerSideEncryptionConfiguration", { bucket: UNKNOWN })],
            unknown: ["Bucket/shop bucket"],
            wrong: ["BucketServerSideEncryptionConfiguration/shop"],
        },
    },
});
