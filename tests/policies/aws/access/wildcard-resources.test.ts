import rule from "../../../../policies/aws/access/wildcard-resources";
import { allows, document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "by name": allows("s3:PutObject", "arn:aws:s3:::shop/*"),
        "what only lists": allows(["s3:ListAllMyBuckets", "ec2:DescribeInstances", "ec2:Describe*"]),
        "what AWS takes no other resource for": allows(["ecr:GetAuthorizationToken", "CloudWatch:PutMetricData"]),
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
        "with a condition that every request keeps": [
            allows("s3:PutObject", ["*"], { Condition: { Bool: { "aws:SecureTransport": "true" } } }),
            "policy.Statement[0].Resource",
        ],
        "with one that holds where nothing is said": [
            allows("s3:PutObject", "*", { Condition: { StringEqualsIfExists: { "s3:x-amz-acl": "private" } } }),
            "policy.Statement[0].Resource",
        ],
        "all but some, of one kind": [
            document("identity", {
                ...{ Effect: "Allow", Action: "rds:CreateDBInstance", NotResource: "arn:aws:rds:*:*:db:shop" },
                Condition: { StringEquals: { "rds:DatabaseEngine": "postgres" } },
            }),
            "policy.Statement[0].NotResource",
        ],
        "by an ARN that is all of it": [allows("s3:PutObject", "arn:aws:*:*"), "policy.Statement[0].Resource"],
        "reading data is no listing": [allows("secretsmanager:GetSecretValue"), "policy.Statement[0].Resource"],
        "in a key's policy, where * is the key": [
            document("key", { Effect: "Allow", Principal: { AWS: "x" }, Action: "kms:Decrypt", Resource: "*" }),
        ],
    },
    unknown: { document: [notKnown("identity", UNKNOWN), "policy"] },
});
