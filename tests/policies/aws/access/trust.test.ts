import rule from "../../../../policies/aws/access/trust";
import type { Resource } from "../../../../policies/core/resource";
import { document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const trusts = (Principal: object, Condition: object = {}) =>
    document("trust", { Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition });
const ROOT = "arn:aws:iam::123456789012:root";
const sub = (operator: string, value: string | string[]) => ({
    [operator]: { "token.actions.githubusercontent.com:sub": value },
});
const broad = (
    cases: Record<string, [principal: string, condition: object]>,
    path = "Principal.AWS",
): Record<string, [Resource, string]> =>
    Object.fromEntries(
        Object.entries(cases).map(([name, [principal, condition]]) => [
            name,
            [
                trusts({ [path === "Condition" ? "Federated" : "AWS"]: principal }, condition),
                `assumeRolePolicy.Statement[0].${path}`,
            ],
        ]),
    );

specify(rule, {
    good: {
        "a service": trusts({ Service: "s3.amazonaws.com" }),
        "a role": trusts({ AWS: "arn:aws:iam::123456789012:role/deploy" }),
        "an account that must know a word": trusts(
            { AWS: "arn:aws:iam::123456789012:root" },
            { StringEquals: { "sts:ExternalId": "x" } },
        ),
        "an organization's repositories": trusts({ Federated: [GITHUB] }, sub("StringLike", "repo:shop/*")),
        "one user pool": trusts(
            { Federated: "cognito-identity.amazonaws.com" },
            {
                StringEquals: { "cognito-identity.amazonaws.com:aud": "eu-west-1:1" },
                "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
            },
        ),
        "a service account of a cluster": trusts(
            { Federated: "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/1" },
            { StringLike: { "oidc.eks.eu-west-1.amazonaws.com/id/1:sub": "system:serviceaccount:shop:*" } },
        ),
        "one repository's environment": trusts(
            { Federated: GITHUB },
            { StringEquals: { "token.actions.githubusercontent.com:sub": "repo:shop/api:environment:prod" } },
        ),
    },
    bad: {
        ...broad({
            "whoever comes by TLS": [ROOT, { Bool: { "aws:SecureTransport": "true" } }],
            "who has a second factor or does not say": [
                ROOT,
                { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } },
            ],
        }),
        ...broad(
            {
                "every repository of one name": [GITHUB, sub("StringLike", "repo:*/api:ref:refs/heads/main")],
                "of whoever's name begins so": [GITHUB, sub("StringLike", "repo:shop*")],
                "another than one": [GITHUB, sub("StringNotEquals", "repo:shop/api:ref:refs/heads/main")],
                "one, if a token says so": [GITHUB, sub("StringEqualsIfExists", "repo:shop/api:ref:refs/heads/main")],
                "one or none": [GITHUB, sub("ForAllValues:StringLike", "repo:shop/*")],
                "one or all": [GITHUB, sub("StringLike", ["repo:shop/api:*", "*"])],
                "a workflow, which anybody calls so": [GITHUB, sub("StringLike", "workflow:deploy:*")],
                "everybody of Cognito": [
                    "cognito-identity.amazonaws.com",
                    { "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" } },
                ],
            },
            "Condition",
        ),
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
