import rule from "../../../../policies/aws/s3/public-access-block";
import { aws, bucket, part, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const ALL = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

const of = part("PublicAccessBlock", {
    ...{ bucket: UNKNOWN, ...ALL },
});
const placed = { ...of, options: { comesFrom: { bucket: ["urn:Bucket:shop"] } } };

specify(rule, {
    good: {
        "all four": bucket(),
        "of the account": [plain(), aws("s3/accountPublicAccessBlock:AccountPublicAccessBlock", ALL)],
        "of a bucket that is not in the stack": part("PublicAccessBlock", ALL, "other"),
    },
    bad: {
        nothing: [plain(), ""],
        "one is missing, one is off": [
            bucket({ PublicAccessBlock: { blockPublicAcls: true, blockPublicPolicy: false, ignorePublicAcls: true } }),
            "BucketPublicAccessBlock/shop blockPublicPolicy",
            "BucketPublicAccessBlock/shop restrictPublicBuckets",
        ],
    },
    edge: {
        "by where its bucket's name comes from": [[plain({ bucket: UNKNOWN }), placed]],
        "another bucket's": [[plain(), part("PublicAccessBlock", ALL, "other")], "Bucket/shop"],
        "of a bucket that is not in the stack, one is off": [
            part("PublicAccessBlock", { ...ALL, ignorePublicAcls: false }, "other"),
            "ignorePublicAcls",
        ],
        "of two for one bucket one is off": [
            [...bucket(), part("PublicAccessBlock", { ...ALL, blockPublicAcls: false })],
            "BucketPublicAccessBlock/shop blockPublicAcls",
        ],
        "a part by the account, a part by the bucket": [
            [
                plain(),
                part("PublicAccessBlock", { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true }),
                aws("s3/accountPublicAccessBlock:AccountPublicAccessBlock", {
                    ...ALL,
                    ...{ blockPublicAcls: false, ignorePublicAcls: undefined },
                }),
            ],
            "AccountPublicAccessBlock/shop blockPublicAcls",
            "AccountPublicAccessBlock/shop ignorePublicAcls",
        ],
    },
    unknown: {
        "whose it is, that one is off is certain": {
            judged: [
                plain({ bucket: UNKNOWN }),
                part("PublicAccessBlock", { ...ALL, bucket: UNKNOWN, blockPublicPolicy: false }),
            ],
            unknown: ["Bucket/shop bucket"],
            wrong: ["BucketPublicAccessBlock/shop blockPublicPolicy"],
        },
        "what the account blocks": {
            judged: [
                plain(),
                aws("s3/accountPublicAccessBlock:AccountPublicAccessBlock", { ...ALL, blockPublicAcls: UNKNOWN }),
            ],
            unknown: ["AccountPublicAccessBlock/shop blockPublicAcls"],
            wrong: ["Bucket/shop"],
        },
        "one, another is certain": {
            judged: bucket({
                PublicAccessBlock: {
                    blockPublicAcls: UNKNOWN,
                    blockPublicPolicy: false,
                    ignorePublicAcls: true,
                    restrictPublicBuckets: true,
                },
            }),
            unknown: ["Bucket/shop blockPublicAcls"],
            wrong: ["BucketPublicAccessBlock/shop blockPublicPolicy"],
        },
    },
});
