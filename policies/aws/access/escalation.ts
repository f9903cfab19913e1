import { ALWAYS } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";
import type { Statement } from "../statement";

/** Each alone makes of whoever has it whatever they like; with passing a role, through what runs with it. */
const ALONE = [
    ...["iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy"],
    ...["iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreatePolicyVersion", "iam:PutGroupPolicy"],
    ...["iam:PutRolePolicy", "iam:PutUserPolicy", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy"],
    ...["iam:UpdateLoginProfile", "iam:PassRole", "sts:AssumeRole", "lambda:UpdateFunctionCode"],
    // Its key is a shell with the role of a development endpoint.
    "glue:UpdateDevEndpoint",
];

/** Conditions that say which policies or resources it may be, or what whoever is made stays bound by. */
const BOUNDS = /^(?:iam:(?:permissionsboundary|policyarn|associatedresourcearn)|(?:aws|iam):resourcetag\/.+)$/i;

export default statementRule({
    id: "GW-AWS-034",
    slug: "privilege-escalation",
    title: "No policy lets anybody give themselves more",
    why: "Who may attach a policy, make a key for another user, or pass any role to what they start, is an administrator already.",
    remedy: "Remove the action, or name the one role or user that it may be on.",
    severity: "critical",
    levels: ALWAYS,
    references: [...cisAws("2.14"), ...soc2("CC6.3")],
    check({ kind, statement }, report) {
        if (kind !== "identity" || !statement.allows || !reachesOthers(statement)) return;
        if (statement.conditions.some(({ demands, key }) => demands && BOUNDS.test(key))) return;
        const found = ALONE.filter((action) => statement.covers(action));
        if (found.length > 0) report("", `must not allow ${found.join(", ")} on any`);
    },
});

/** `*`, or every user, role, group, policy, function or endpoint. */
function reachesOthers({ resources, isOnEverything }: Statement): boolean {
    return (
        isOnEverything ||
        resources.some((resource) =>
            /:(?:user|role|group|policy|function|devEndpoint)[/:]\*+$|:iam:(?::[^:]*:?)?\*+$/.test(resource),
        )
    );
}
