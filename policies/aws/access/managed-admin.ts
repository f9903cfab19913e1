import { asText, listAt, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { resourceRule } from "../resources";

/** AWS's own policies that make an administrator, or let one be made. */
const ADMINISTRATORS =
    /^arn:aws[\w-]*:iam::aws:policy\/(?:AdministratorAccess|IAMFullAccess|PowerUserAccess|job-function\/SystemAdministrator|AWSCloudShellFullAccess)$/;

export default resourceRule({
    types: [
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
        "aws:iam/policyAttachment:PolicyAttachment",
        "aws:iam/role:Role",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
    ],
    id: "GW-AWS-031",
    slug: "managed-admin",
    title: "Nothing is given one of AWS's policies for administrators",
    why: "They allow everything, or everything that leads to it, and grow with each service that AWS adds.",
    remedy: "Attach a policy that names what is needed.",
    severity: "critical",
    levels: ALWAYS,
    references: [...cisAws("2.14", "2.20"), ...soc2("CC6.3")],
    check({ raw }, report) {
        for (const key of ["policyArn", "managedPolicyArn"]) {
            report.attempt(() => {
                if (ADMINISTRATORS.test(textAt(raw, key) ?? "")) report(key, "must not be an administrator's");
            });
        }
        for (const key of ["managedPolicyArns", "policyArns"]) {
            report.attempt(() =>
                report.each(listAt(raw, key), key, (item, path) => {
                    if (ADMINISTRATORS.test(asText(item, path))) report(path, "must not be an administrator's");
                }),
            );
        }
    },
});
