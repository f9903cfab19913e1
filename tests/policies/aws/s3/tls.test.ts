import rule from "../../../../policies/aws/s3/tls";
import { bucket, plain, TLS_ONLY } from "../../support/aws";
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
        "one statement need not be a list": [bucket({ Policy: { policy: JSON.stringify({ Statement: TLS_ONLY }) } })],
        "what is no JSON": [bucket({ Policy: { policy: "{" } }), "Bucket/shop policy"],
        "a switch rather than a text": [
            withStatement({ ...TLS_ONLY, Condition: { Bool: { "aws:securetransport": false } } }),
        ],
    },
    unknown: { document: [bucket({ Policy: { policy: UNKNOWN } }), "Bucket/shop policy"] },
});
