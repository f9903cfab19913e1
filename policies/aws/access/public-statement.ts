import { ALWAYS } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";
import type { Condition } from "../statement";

/** Conditions that say who it is, or from where: those by which S3 and IAM Access Analyzer call a policy not public. */
const WHO =
    /^aws:(?:principal(?:arn|account|orgid|orgpaths)|source(?:arn|account|owner|orgid|orgpaths|ip|vpc|vpce|vpcarn)|vpce(?:account|orgid|orgpaths)|userid)$|^(?:kms:calleraccount|s3:dataaccesspoint(?:account|arn))$/i;

/** A role or user of any account. */
const ANY_ACCOUNT = /^arn:[^:]*:(?:iam|sts)::\*/;

/** Broader than this is everybody, as S3 sees it: bits of an address. */
const LEAST_BITS = { v4: 8, v6: 32 };

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
        const isOpen = statement.isForEverybody || statement.principals.some(({ value }) => ANY_ACCOUNT.test(value));
        if (isOpen && !statement.conditions.some(saysWho)) report("Principal", "must not be *");
    },
});

function saysWho({ demands, key, values }: Condition): boolean {
    if (!demands || !WHO.test(key)) return false;
    return values.every(/^aws:sourceip$/i.test(key) ? isNarrowRange : isCertain);
}

function isNarrowRange(range: string): boolean {
    const [address = "", bits] = range.split("/");
    if (address.includes("*")) return false;
    return bits === undefined || Number(bits) >= (address.includes(":") ? LEAST_BITS.v6 : LEAST_BITS.v4);
}

/** An ARN must say the account or the name; anything else its beginning, and more than that of every organization. */
function isCertain(value: string): boolean {
    if (!value.startsWith("arn:")) return /^(?!o-[*?])[^*?]/.test(value);
    const [, , , , account = "", ...rest] = value.split(":");
    return /^[^*?]+$/.test(account) || /^[^*?]/.test(rest.join(":"));
}
