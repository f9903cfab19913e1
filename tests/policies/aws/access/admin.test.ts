import rule from "../../../../policies/aws/access/admin";
import { allows, aws, document, notKnown } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const role = aws("iam/role:Role", {
    inlinePolicies: [{ policy: { Statement: { Effect: "Allow", Action: "*", Resource: "*" } } }],
});

specify(rule, {
    good: {
        "one action": allows("s3:GetObject", "arn:aws:s3:::shop/*"),
        denied: document("identity", { Effect: "Deny", Action: "*", Resource: "*" }),
    },
    bad: {
        everything: [allows("*"), "policy.Statement[0]"],
        "in lists": [allows(["s3:GetObject", "*:*"], ["*"]), "policy.Statement[0]"],
    },
    edge: {
        "every action on one bucket": [allows("*", "arn:aws:s3:::shop/*")],
        "a document that is an object, as a role's own": [role, "inlinePolicies[0].policy.Statement[0]"],
        "what is no statement": [aws("iam/policy:Policy", { policy: { Statement: ["x"] } }), "policy.Statement[0]"],
    },
    unknown: { document: [notKnown("identity", UNKNOWN), "policy"] },
});
