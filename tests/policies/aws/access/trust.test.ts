import rule from "../../../../policies/aws/access/trust";
import { document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const trusts = (Principal: object, Condition: object = {}) =>
    document("trust", { Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition });

specify(rule, {
    good: {
        "a service": trusts({ Service: "s3.amazonaws.com" }),
        "a role": trusts({ AWS: "arn:aws:iam::123456789012:role/deploy" }),
        "an account that must know a word": trusts(
            { AWS: "arn:aws:iam::123456789012:root" },
            { StringEquals: { "sts:ExternalId": "x" } },
        ),
        "one repository's environment": trusts(
            { Federated: GITHUB },
            { StringEquals: { "token.actions.githubusercontent.com:sub": "repo:shop/api:environment:prod" } },
        ),
    },
    bad: {
        "an account": [
            trusts({ AWS: "arn:aws:iam::123456789012:root" }),
            "assumeRolePolicy.Statement[0].Principal.AWS",
        ],
        "by its number": [trusts({ AWS: ["123456789012"] }), "assumeRolePolicy.Statement[0].Principal.AWS"],
        "all of GitHub": [
            trusts(
                { Federated: GITHUB },
                { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
            ),
            "assumeRolePolicy.Statement[0].Condition",
        ],
    },
    edge: {
        "any repository": [
            trusts({ Federated: GITHUB }, { StringLike: { "token.actions.githubusercontent.com:sub": "repo:*" } }),
            "assumeRolePolicy.Statement[0].Condition",
        ],
        "SAML has no such subject": [trusts({ Federated: "arn:aws:iam::123456789012:saml-provider/x" })],
    },
    unknown: { document: [notKnown("trust", UNKNOWN), "assumeRolePolicy"] },
});
