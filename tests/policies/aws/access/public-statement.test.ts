import rule from "../../../../policies/aws/access/public-statement";
import { document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const OPEN = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" };

specify(rule, {
    good: {
        "a principal": document("bucket", { ...OPEN, Principal: { AWS: "arn:aws:iam::123456789012:role/a" } }),
        "refused to all": document("bucket", { ...OPEN, Effect: "Deny" }),
        "of one organization": document("bucket", {
            ...OPEN,
            Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
        }),
    },
    bad: {
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
