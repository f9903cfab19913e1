import rule from "../../../../policies/aws/access/exfiltration";
import { allows, document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "one bucket": allows("s3:GetObject", "arn:aws:s3:::shop/*"), "what only lists": allows("s3:ListBucket") },
    bad: {
        "every object": [allows("s3:GetObject"), "policy.Statement[0]"],
        "of all buckets": [allows("s3:Get*", "arn:aws:s3:::*/*"), "policy.Statement[0]"],
        "every secret": [allows(["secretsmanager:GetSecretValue", "x:Y"]), "policy.Statement[0]"],
        "every secret by its ARN": [
            allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:*"),
            "policy.Statement[0]",
        ],
        "every parameter": [allows("ssm:GetParameter*", "arn:aws:ssm:eu-west-1:1:parameter/*"), "policy.Statement[0]"],
        "by TLS alone": [
            allows("s3:GetObject", "*", { Condition: { Bool: { "aws:SecureTransport": true } } }),
            "policy.Statement[0]",
        ],
        "to others than one, which is nearly everybody": [
            allows("s3:GetObject", "*", { Condition: { StringNotEquals: { "aws:PrincipalAccount": "123456789012" } } }),
            "policy.Statement[0]",
        ],
        everything: [allows("*"), "policy.Statement[0]"],
        "all but some": [
            document("identity", { Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
            "policy.Statement[0]",
        ],
        "all but one bucket": [
            document("identity", { Effect: "Allow", Action: "s3:Get*", NotResource: "arn:aws:s3:::shop/*" }),
            "policy.Statement[0]",
        ],
    },
    edge: {
        "every object, of what has another service's ARN": [allows("kms:Decrypt", "arn:aws:s3:::*")],
        "secrets of one beginning": [
            allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:1:secret:shop/*"),
        ],
        "buckets of one ending": [allows("s3:GetObject", "arn:aws:s3:::*-public/*")],
        "with a condition": [allows("kms:Decrypt", "*", { Condition: { StringEquals: { "kms:ViaService": "s3" } } })],
        denied: [document("identity", { Effect: "Deny", Action: "s3:*", Resource: "*" })],
    },
    unknown: { document: [notKnown("identity", UNKNOWN), "policy"] },
});
