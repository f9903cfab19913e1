import rule from "../../../../policies/aws/access/admin";
import { allows, aws, document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const role = aws("iam/role:Role", {
    inlinePolicies: [{ policy: { Statement: { Effect: "Allow", Action: "*", Resource: "*" } } }],
});
const text = (policy: string) => aws("iam/policy:Policy", { policy });

specify(rule, {
    good: {
        "one action": allows("s3:GetObject", "arn:aws:s3:::shop/*"),
        denied: document("identity", { Effect: "Deny", Action: "*", Resource: "*" }),
        "no policy": aws("iam/role:Role", {}),
        "an empty one": text(""),
    },
    bad: {
        everything: [allows("*"), "policy.Statement[0]"],
        "in lists": [allows(["s3:GetObject", "*:*"], ["*"]), "policy.Statement[0]"],
        "everything with an ARN": [allows("*", "arn:aws:*"), "policy.Statement[0]"],
        "in any partition": [allows("*:*", "arn:*:*:*:*:*"), "policy.Statement[0]"],
        "everything but one bucket": [
            document("identity", { Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::shop" }),
            "policy.Statement[0]",
        ],
        "with a second factor": [
            allows("*", "*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
            "policy.Statement[0]",
        ],
        "in a permission set": [
            aws("ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", {
                inlinePolicy: { Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
            }),
            "inlinePolicy.Statement[0]",
        ],
    },
    edge: {
        "every action on one bucket": [allows("*", "arn:aws:s3:::shop/*")],
        "every action on every object": [allows("*", "arn:aws:s3:::*")],
        "all but some, of which other rules tell": [
            document("identity", { Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
        ],
        "a document that is an object, as a role's own": [role, "inlinePolicies[0].policy.Statement[0]"],
        "with blanks around": [
            text('\n  { "Statement" : { "Effect":"Allow", "Action":\t["*"], "Resource":["*"] } }\n'),
            "policy.Statement[0]",
        ],
        "the second statement": [
            document(
                "identity",
                { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" },
                { Sid: "All", Effect: "Allow", Action: "*", Resource: "*" },
            ),
            "policy.Statement[1]",
        ],
        "what is no JSON": [text('{ "Statement": [], }'), "policy"],
        "what is no statement": [aws("iam/policy:Policy", { policy: { Statement: ["x"] } }), "policy.Statement[0]"],
        "an action that is a number": [
            aws("iam/policy:Policy", { policy: { Statement: { Effect: "Allow", Action: 1, Resource: "*" } } }),
            "policy.Statement[0].Action[0]",
        ],
    },
    unknown: {
        document: [notKnown("identity", UNKNOWN), "policy"],
        "a resource in an object, the other statement is certain": {
            judged: aws("iam/policy:Policy", {
                policy: {
                    Statement: [
                        { Effect: "Allow", Action: "*", Resource: [UNKNOWN] },
                        { Effect: "Allow", Action: "*", Resource: "*" },
                    ],
                },
            }),
            unknown: ["policy.Statement[0].Resource[0]"],
            wrong: ["policy.Statement[1]"],
        },
    },
});
