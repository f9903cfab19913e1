import { ALWAYS } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";

/** Each alone makes of whoever has it whatever they like; with passing a role, through what runs with it. */
const ALONE = [
    ...["iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy"],
    ...["iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreatePolicyVersion", "iam:PutGroupPolicy"],
    ...["iam:PutRolePolicy", "iam:PutUserPolicy", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy"],
    ...["iam:UpdateLoginProfile", "iam:PassRole", "sts:AssumeRole", "lambda:UpdateFunctionCode"],
    // Its key is a shell with the role of a development endpoint.
    "glue:UpdateDevEndpoint",
];

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
        if (kind !== "identity" || !statement.allows || !reachesOthers(statement.resources, statement.notResources))
            return;
        // All of it has a rule of its own.
        if (statement.actions.includes("*") && statement.isOnEverything) return;
        const found = ALONE.filter((action) => statement.covers(action));
        if (found.length > 0) report("", `must not allow ${found.join(", ")} on any`);
    },
});

/** `*`, or every user, role, group, policy or function. */
function reachesOthers(resources: readonly string[], except: readonly string[]): boolean {
    return (
        except.length > 0 ||
        resources.some((resource) => /^\*$|:(?:user|role|group|policy|function)[/:]\*$|:iam::[^:]*:\*$/.test(resource))
    );
}
