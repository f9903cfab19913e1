import rule from "../../../../policies/aws/access/exfiltration";
import { allows, document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "one bucket": allows("s3:GetObject", "arn:aws:s3:::shop/*"), "what only lists": allows("s3:ListBucket") },
    bad: {
        "every object": [allows("s3:GetObject"), "policy.Statement[0]"],
        "of all buckets": [allows("s3:Get*", "arn:aws:s3:::*/*"), "policy.Statement[0]"],
        "every secret": [allows(["secretsmanager:GetSecretValue", "x:Y"]), "policy.Statement[0]"],
    },
    edge: {
        "everything has a rule of its own": [allows("*")],
        "with a condition": [allows("kms:Decrypt", "*", { Condition: { StringEquals: { "kms:ViaService": "s3" } } })],
        denied: [document("identity", { Effect: "Deny", Action: "s3:*", Resource: "*" })],
    },
    unknown: { document: [notKnown("identity", UNKNOWN), "policy"] },
});
