import rule from "../../../../policies/aws/access/managed-admin";
import { aws } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const attached = (policyArn: string) => aws("iam/rolePolicyAttachment:RolePolicyAttachment", { role: "r", policyArn });

specify(rule, {
    good: {
        "a policy of ours": attached("arn:aws:iam::123456789012:policy/AdministratorAccess"),
        "one that reads": attached("arn:aws:iam::aws:policy/ReadOnlyAccess"),
    },
    bad: {
        administrator: [attached("arn:aws:iam::aws:policy/AdministratorAccess"), "policyArn"],
        "in a permission set": [
            aws("ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", {
                managedPolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
            }),
            "managedPolicyArn",
        ],
        "in all that a role may have": [
            aws("iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", {
                policyArns: ["arn:aws:iam::aws:policy/PowerUserAccess"],
            }),
            "policyArns[0]",
        ],
        "in a role's list": [
            aws("iam/role:Role", { managedPolicyArns: ["x", "arn:aws:iam::aws:policy/IAMFullAccess"] }),
            "managedPolicyArns[1]",
        ],
    },
    edge: {
        "in another part of AWS": [attached("arn:aws-cn:iam::aws:policy/AdministratorAccess"), "policyArn"],
        "a number is no ARN": [aws("iam/role:Role", { managedPolicyArns: [1] }), "managedPolicyArns[0]"],
    },
    unknown: { arn: [attached(UNKNOWN), "policyArn"] },
});
