import rule from "../../../../policies/aws/s3/tls";
import { bucket, part, plain, TLS_ONLY } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const withStatement = (statement: object) => bucket({ Policy: { policy: JSON.stringify({ Statement: [statement] }) } });

specify(rule, {
    good: {
        "a statement": bucket(),
        "among others, as the bucket's own input": plain({
            policy: { Statement: [{ Effect: "Allow" }, { ...TLS_ONLY, Principal: { AWS: ["*"] }, Action: ["s3:*"] }] },
        }),
    },
    bad: {
        "on the bucket, not on what is in it": [
            withStatement({ ...TLS_ONLY, Resource: "arn:aws:s3:::shop" }),
            "BucketPolicy/shop policy",
        ],
        "on a part of it": [
            withStatement({ ...TLS_ONLY, Resource: ["arn:aws:s3:::shop", "arn:aws:s3:::shop/private/*"] }),
            "BucketPolicy/shop policy",
        ],
        "from one address": [
            withStatement({
                ...TLS_ONLY,
                Condition: { ...TLS_ONLY.Condition, IpAddress: { "aws:SourceIp": "203.0.113.7" } },
            }),
            "BucketPolicy/shop policy",
        ],
        "to all but one": [
            withStatement({ ...TLS_ONLY, Principal: undefined, NotPrincipal: { AWS: "x" } }),
            "BucketPolicy/shop policy",
        ],
        "to allow with TLS": [
            withStatement({ ...TLS_ONLY, Effect: "Allow", Condition: { Bool: { "aws:SecureTransport": "true" } } }),
            "BucketPolicy/shop policy",
        ],
        "in one of two policies, of which S3 keeps one": [
            [...bucket(), part("Policy", { policy: { Statement: [] } })],
            "BucketPolicy/shop policy",
        ],
        "of a bucket that is not in the stack": [part("Policy", { policy: { Statement: [] } }, "other"), "policy"],
        nothing: [plain(), "policy"],
        "for one action": [withStatement({ ...TLS_ONLY, Action: "s3:GetObject" }), "BucketPolicy/shop policy"],
        "for some": [
            withStatement({ ...TLS_ONLY, Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
            "BucketPolicy/shop policy",
        ],
        "the wrong way round": [
            withStatement({ ...TLS_ONLY, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
            "BucketPolicy/shop policy",
        ],
    },
    edge: {
        "everything but listing": [withStatement({ ...TLS_ONLY, Action: undefined, NotAction: "s3:ListAllMyBuckets" })],
        "on whatever begins so": [withStatement({ ...TLS_ONLY, Resource: "arn:aws:s3:::shop*" })],
        "whoever does not say that it is TLS too": [
            withStatement({ ...TLS_ONLY, Condition: { BoolIfExists: { "aws:SecureTransport": ["false"] } } }),
        ],
        "but for AWS's own services": [
            withStatement({
                ...TLS_ONLY,
                Condition: { Bool: { "aws:SecureTransport": false, "aws:PrincipalIsAWSService": "false" } },
            }),
        ],
        "in the second of two statements": [
            bucket({
                Policy: {
                    policy: `
                    {
                        "Version": "2012-10-17",
                        "Statement": [
                            { "Effect": "Allow", "Principal": { "AWS": "x" }, "Action": "s3:GetObject", "Resource": "*" },
                            ${JSON.stringify(TLS_ONLY, null, 4)}
                        ]
                    }
                    `,
                },
            }),
        ],
        "one statement need not be a list": [bucket({ Policy: { policy: JSON.stringify({ Statement: TLS_ONLY }) } })],
        "what is no JSON": [bucket({ Policy: { policy: "{" } }), "Bucket/shop policy"],
        "a switch rather than a text": [
            withStatement({ ...TLS_ONLY, Condition: { Bool: { "aws:securetransport": false } } }),
        ],
    },
    unknown: { document: [bucket({ Policy: { policy: UNKNOWN } }), "Bucket/shop policy"] },
});
