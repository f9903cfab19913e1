import rule from "../../../../policies/aws/access/public-statement";
import type { Resource } from "../../../../policies/core/resource";
import { document, notKnown, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const OPEN = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" };
const open = (Condition: object) => document("bucket", { ...OPEN, Condition });
const opened = (conditions: Record<string, object>): Record<string, [Resource, string]> =>
    Object.fromEntries(
        Object.entries(conditions).map(([name, condition]) => [
            name,
            [open(condition), "policy.Statement[0].Principal"],
        ]),
    );

specify(rule, {
    good: {
        "a principal": document("bucket", { ...OPEN, Principal: { AWS: "arn:aws:iam::123456789012:role/a" } }),
        "refused to all": document("bucket", { ...OPEN, Effect: "Deny" }),
        "from an address": open({ IpAddress: { "aws:SourceIp": ["203.0.113.7", "2001:db8::/32", "10.0.0.0/8"] } }),
        "through one endpoint of several": open({
            "ForAnyValue:StringLike": { "aws:SourceVpce": ["vpce-1", "vpce-2"] },
        }),
        "of roles of one account": open({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/*" } }),
        "for one bucket's events": open({ ArnLike: { "AWS:SourceArn": "arn:aws:s3:*:*:shop" } }),
        "of one account, which is a number": open({ StringEquals: { "aws:SourceAccount": 123456789012 } }),
        "of the bucket's own account": open({ StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }),
        "of one organization": document("bucket", {
            ...OPEN,
            Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
        }),
    },
    bad: {
        "with a second kind of principal": [
            document("resource", { ...OPEN, Principal: { Service: "s3.amazonaws.com", AWS: "*" } }),
            "policy.Statement[0].Principal",
        ],
        "everybody as any kind": [
            document("bucket", { ...OPEN, Principal: { "*": "*" } }),
            "policy.Statement[0].Principal",
        ],
        "a role of any account": [
            document("resource", { ...OPEN, Principal: { AWS: "arn:aws:iam::*:role/api" } }),
            "policy.Statement[0].Principal",
        ],
        everybody: [document("bucket", OPEN), "policy.Statement[0].Principal"],
        "everybody with an account": [
            document("key", { ...OPEN, Principal: { AWS: ["x", "*"] } }),
            "policy.Statement[0].Principal",
        ],
        "to become a role": [
            document("trust", { ...OPEN, Action: "sts:AssumeRole" }),
            "assumeRolePolicy.Statement[0].Principal",
        ],
        "everybody but some": [
            document("bucket", { Effect: "Allow", NotPrincipal: { AWS: "x" }, Action: "s3:GetObject", Resource: "*" }),
            "policy.Statement[0].NotPrincipal",
        ],
    },
    edge: {
        ...opened({
            "from half of all addresses": { IpAddress: { "aws:SourceIp": "128.0.0.0/1" } },
            "from an address or anywhere": { IpAddress: { "aws:SourceIp": ["203.0.113.7/32", "::/0"] } },
            "of every organization": { StringLike: { "aws:PrincipalOrgID": "o-*" } },
            "of one organization, if of any": { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } },
            "of one organization, or of none": { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-1" } },
            "of any organization": { Null: { "aws:PrincipalOrgID": "false" } },
            "of roles of any account": { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:*" } },
            "of whoever has a name": { StringEquals: { "aws:username": "bob" } },
            "with a word that anybody can send": { StringEquals: { "aws:Referer": "https://shop.example.com" } },
        }),
        "refused to one is open to the rest": [
            document("bucket", OPEN, { ...OPEN, Effect: "Deny", Principal: { AWS: "x" } }),
            "policy.Statement[0].Principal",
        ],
        "a bucket's own input": [plain({ policy: { Statement: OPEN } }), "policy.Statement[0].Principal"],
        "from anywhere is no condition": [
            document("bucket", { ...OPEN, Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } }),
            "policy.Statement[0].Principal",
        ],
        "nor is what somebody is not": [
            document("bucket", { ...OPEN, Condition: { StringNotEquals: { "aws:PrincipalAccount": "1" } } }),
            "policy.Statement[0].Principal",
        ],
        "nor is TLS": [
            document("bucket", { ...OPEN, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
            "policy.Statement[0].Principal",
        ],
        "any service": [
            document("trust", {
                Effect: "Allow",
                Principal: { Service: "ec2.amazonaws.com" },
                Action: "sts:AssumeRole",
            }),
        ],
    },
    unknown: { document: [notKnown("bucket", UNKNOWN), "policy"] },
});
