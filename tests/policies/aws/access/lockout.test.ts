import rule from "../../../../policies/aws/access/lockout";
import { document, notKnown, TLS_ONLY } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "without TLS alone": document("bucket", TLS_ONLY),
        "what is in it, of which the policy is none": document("bucket", {
            ...{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::shop/*" },
        }),
        "to read alone": document("bucket", { ...TLS_ONLY, Action: "s3:GetObject", Condition: {} }),
    },
    bad: {
        everything: [document("bucket", { ...TLS_ONLY, Condition: undefined }), "policy.Statement[0]"],
        "the policy of a key": [
            document("key", { Effect: "Deny", Principal: { AWS: "*" }, Action: "kms:Put*", Resource: "*" }),
            "policy.Statement[0]",
        ],
    },
    edge: {
        "without a resource": [
            document("bucket", { Effect: "Deny", Principal: { AWS: ["*"] }, Action: "*" }),
            "policy.Statement[0]",
        ],
        "all but the policy": [
            document("bucket", {
                ...{ Effect: "Deny", Principal: "*", NotAction: "s3:*BucketPolicy", Resource: "arn:aws:s3:::shop" },
            }),
        ],
        "a queue's, which its account can put right": [
            document("resource", { Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: "*" }),
        ],
        "some alone": [document("bucket", { ...TLS_ONLY, Principal: { AWS: "x" }, Condition: {} })],
        "all but reading": [
            document("bucket", { Effect: "Deny", Principal: "*", NotAction: "s3:GetObject", Resource: "*" }),
            "policy.Statement[0]",
        ],
    },
    unknown: { document: [notKnown("bucket", UNKNOWN), "policy"] },
});
