import rule from "../../../../policies/aws/access/wildcard-resources";
import { allows, document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "by name": allows("s3:PutObject", "arn:aws:s3:::shop/*"),
        "what only lists": allows(["s3:ListAllMyBuckets", "ec2:DescribeInstances", "ec2:Describe*"]),
        "with a condition": allows("ec2:StartInstances", "*", {
            Condition: { StringEquals: { "aws:ResourceTag/team": "shop" } },
        }),
    },
    bad: {
        everything: [allows("s3:PutObject"), "policy.Statement[0].Resource"],
        "all but some": [
            document("identity", { Effect: "Allow", Action: "s3:PutObject", NotResource: "arn:aws:s3:::shop/*" }),
            "policy.Statement[0].NotResource",
        ],
    },
    edge: {
        "reading data is no listing": [allows("secretsmanager:GetSecretValue"), "policy.Statement[0].Resource"],
        "in a key's policy, where * is the key": [
            document("key", { Effect: "Allow", Principal: { AWS: "x" }, Action: "kms:Decrypt", Resource: "*" }),
        ],
    },
    unknown: { document: [notKnown("identity", UNKNOWN), "policy"] },
});
