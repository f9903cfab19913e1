import rule from "../../../../policies/aws/s3/public-access-block";
import { bucket, part, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const of = part("PublicAccessBlock", {
    ...{ bucket: UNKNOWN, blockPublicAcls: true, blockPublicPolicy: true },
    ...{ ignorePublicAcls: true, restrictPublicBuckets: true },
});
const placed = { ...of, options: { comesFrom: { bucket: ["urn:Bucket:shop"] } } };

specify(rule, {
    good: { "all four": bucket() },
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
        "another bucket's": [[plain(), part("PublicAccessBlock", {}, "other")], "Bucket/shop"],
    },
    unknown: {
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
