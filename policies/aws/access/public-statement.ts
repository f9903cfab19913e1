import { ALWAYS } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";

/** Conditions that say who it is, or from where. */
const WHO =
    /^aws:(?:principal(?:arn|account|orgid|orgpaths)|source(?:arn|account|orgid|orgpaths|ip|vpc|vpce|vpcarn)|vpcsourceip|userid|username)$|^(?:kms:calleraccount|s3:dataaccesspointaccount)$/i;

export default statementRule({
    id: "GW-AWS-036",
    slug: "public-policy",
    title: "Nothing is open to whoever comes",
    why: "Principal * is everybody with an account of AWS's, and without one.",
    remedy: "Name the principals, or say by a condition who it is (aws:PrincipalOrgID, aws:SourceArn, aws:SourceVpce).",
    severity: "critical",
    levels: ALWAYS,
    references: [...cisAws("2.21"), ...soc2("CC6.1", "CC6.6")],
    check({ kind, statement }, report) {
        if (kind === "identity" || !statement.allows) return;
        if (statement.hasNotPrincipal) report("NotPrincipal", "must not be used to allow: it allows everybody else");
        const known = statement.conditions.some(
            ({ operator, key, values }) =>
                WHO.test(key) &&
                !/not/i.test(operator) &&
                !values.some((value) => value === "*" || value === "0.0.0.0/0" || value === "::/0"),
        );
        if (statement.isForEverybody && !known) report("Principal", "must not be *");
    },
});
