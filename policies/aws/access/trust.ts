import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";

/** What says for whom a token was made. */
const SUBJECT = /:(?:sub|aud|oaud|amr|repository|repository_owner|email)$/i;

export default statementRule({
    id: "GW-AWS-037",
    slug: "broad-trust",
    title: "Roles say exactly who may take them",
    why: "A whole account means whoever its administrators let; an identity provider without a subject means every project that it serves, such as all of GitHub.",
    remedy: "Name the role or user instead of the account's root, or add a condition: sts:ExternalId, the token's sub.",
    severity: "high",
    levels: FROM_STAGING,
    references: soc2("CC6.1", "CC6.3"),
    check({ kind, statement }, report) {
        if (kind !== "trust" || !statement.allows) return;
        for (const { type, value } of statement.principals) {
            if (
                type === "AWS" &&
                /^(?:arn:aws[\w-]*:iam::\d{12}:root|\d{12})$/.test(value) &&
                statement.conditions.length === 0
            ) {
                report("Principal.AWS", "must not be a whole account without a condition");
            }
            if (type !== "Federated" || !/:oidc-provider\/|^[\w.-]+\.[a-z]+$/i.test(value)) continue;
            const subjects = statement.conditions.filter(({ key }) => SUBJECT.test(key));
            const narrow = subjects.some(
                ({ key, values }) => /:sub$/i.test(key) && !values.some((it) => /^(?:\*|repo:\*.*)$/.test(it)),
            );
            if (!narrow) report("Condition", "must say of which subject (sub) a token may be");
        }
    },
});
