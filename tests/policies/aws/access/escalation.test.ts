import rule from "../../../../policies/aws/access/escalation";
import { allows, document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "one role": allows("iam:PassRole", "arn:aws:iam::123456789012:role/backup"),
        "nothing of it": allows("s3:GetObject"),
    },
    bad: {
        "any role": [allows("iam:PassRole"), "policy.Statement[0]"],
        "a shell with another role": [allows("glue:UpdateDevEndpoint"), "policy.Statement[0]"],
        "by a wildcard": [allows("iam:Put*"), "policy.Statement[0]"],
        "of all roles": [allows("sts:AssumeRole", "arn:aws:iam::*:role/*"), "policy.Statement[0]"],
        "all but some": [
            document("identity", { Effect: "Allow", NotAction: "s3:*", Resource: "*" }),
            "policy.Statement[0]",
        ],
    },
    edge: {
        "everything has a rule of its own": [allows("*")],
        "one's own key": [allows("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/${aws:username}")],
        "in another case": [allows("IAM:passrole"), "policy.Statement[0]"],
    },
    unknown: { document: [notKnown("identity", UNKNOWN), "policy"] },
});
