import rule from "../../../../policies/aws/access/escalation";
import { allows, document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "one role": allows("iam:PassRole", "arn:aws:iam::123456789012:role/backup"),
        "nothing of it": allows("s3:GetObject"),
        "within a boundary": allows(["iam:PutRolePolicy", "iam:AttachRolePolicy"], "*", {
            Condition: { StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/edge" } },
        }),
        "one policy to any role": allows("iam:AttachRolePolicy", "*", {
            Condition: { ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess" } },
        }),
    },
    bad: {
        "any role": [allows("iam:PassRole"), "policy.Statement[0]"],
        "a shell with another role": [allows("glue:UpdateDevEndpoint"), "policy.Statement[0]"],
        "by a wildcard": [allows("iam:Put*"), "policy.Statement[0]"],
        "of all roles": [allows("sts:AssumeRole", "arn:aws:iam::*:role/*"), "policy.Statement[0]"],
        "of every kind": [allows("iam:Create*", "arn:aws:iam::123456789012:*"), "policy.Statement[0]"],
        "any function": [
            allows("lambda:UpdateFunctionCode", "arn:aws:lambda:*:123456789012:function:*"),
            "policy.Statement[0]",
        ],
        "any role to one service, which then has all that it may": [
            allows("iam:PassRole", "*", {
                Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
            }),
            "policy.Statement[0]",
        ],
        "within a boundary if there is one": [
            allows("iam:PutRolePolicy", "*", {
                Condition: {
                    StringEqualsIfExists: { "iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/e" },
                },
            }),
            "policy.Statement[0]",
        ],
        everything: [allows("*"), "policy.Statement[0]"],
        "all but some": [
            document("identity", { Effect: "Allow", NotAction: "s3:*", Resource: "*" }),
            "policy.Statement[0]",
        ],
    },
    edge: {
        "roles of one path": [allows("iam:PassRole", "arn:aws:iam::123456789012:role/shop/*")],
        "all but what it takes": [
            document("identity", {
                Effect: "Allow",
                NotAction: ["iam:*", "sts:*", "lambda:*", "glue:*"],
                Resource: "*",
            }),
        ],
        "one's own key": [allows("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/${aws:username}")],
        "in another case": [allows("IAM:passrole"), "policy.Statement[0]"],
    },
    unknown: { document: [notKnown("identity", UNKNOWN), "policy"] },
});
