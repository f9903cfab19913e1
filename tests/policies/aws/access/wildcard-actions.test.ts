import rule from "../../../../policies/aws/access/wildcard-actions";
import { allows, document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "by name": allows(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::shop/*"),
        "those that begin so": allows("s3:Get*", "arn:aws:s3:::shop/*"),
        denied: document("identity", { Effect: "Deny", Action: "s3:*", Resource: "*" }),
    },
    bad: {
        "whatever is done with objects": [allows("s3:*Object", "arn:aws:s3:::shop/*"), "policy.Statement[0].Action"],
        "in every service": [allows("*:GetObject", "arn:aws:s3:::shop/*"), "policy.Statement[0].Action"],
        "by a letter": [allows("iam:P*", "arn:aws:iam::123456789012:role/a"), "policy.Statement[0].Action"],
        "any one letter": [allows("s3:?etObject", "arn:aws:s3:::shop/*"), "policy.Statement[0].Action"],
        "in a role's trust": [
            document("trust", { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "*" }),
            "assumeRolePolicy.Statement[0].Action",
        ],
        "of a queue's": [
            document("resource", { Effect: "Allow", Principal: { AWS: "x" }, Action: ["SQS:*"], Resource: "x" }),
            "policy.Statement[0].Action",
        ],
        "all of a service": [allows(["s3:GetObject", "s3:*"], "arn:aws:s3:::shop/*"), "policy.Statement[0].Action"],
        "all but some": [
            document("identity", { Effect: "Allow", NotAction: "iam:*", Resource: "arn:aws:s3:::shop/*" }),
            "policy.Statement[0].NotAction",
        ],
    },
    edge: {
        "a key's own policy gives it to its account": [
            document("key", {
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::123456789012:root" },
                Action: "kms:*",
                Resource: "*",
            }),
        ],
        "of a bucket's": [
            document("bucket", {
                Effect: "Allow",
                Principal: { AWS: "x" },
                Action: "s3:*",
                Resource: "arn:aws:s3:::shop/*",
            }),
            "policy.Statement[0].Action",
        ],
    },
    unknown: { document: [notKnown("identity", UNKNOWN), "policy"] },
});
