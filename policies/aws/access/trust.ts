import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";
import type { Statement } from "../statement";

const ACCOUNT = /^(?:arn:aws[\w-]*:iam::\d{12}:root|\d{12})$/;
const PROVIDER = /:oidc-provider\//;
/** Which AWS knows itself: their tokens are for one application, whose number is their audience. */
const KNOWN_PROVIDER =
    /^(?:cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com)$/;

/** What says for whom a token was made. */
const SUBJECT = /:(?:sub|repository|repository_id|repository_owner|repository_owner_id|job_workflow_ref)$/i;
const APPLICATION = /:(?:sub|aud|oaud|app_id)$/i;

/**
 * Whose beginning says nothing yet: `*`, `repo:*`, `repo:*\/api:*`, `repo:shop*`; or what anybody calls a workflow or a branch of theirs.
 */
const ANYBODY =
    /^(?:(?:repo|project_path):[^/]*(?:[*?]|$)|(?:organization:|system:serviceaccount:)?[*?]|(?:actor|base_ref|context|environment|head_ref|ref|workflow):)/;

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
            if (type === "AWS" && ACCOUNT.test(value) && !statement.isLimited)
                report("Principal.AWS", "must not be a whole account without a condition");
            if (type !== "Federated") continue;
            if (PROVIDER.test(value) && !isSaid(SUBJECT, statement))
                report("Condition", "must say of which subject (sub) a token may be");
            if (KNOWN_PROVIDER.test(value) && !isSaid(APPLICATION, statement))
                report("Condition", "must say of which application (aud) a token may be");
        }
    },
});

function isSaid(claim: RegExp, { conditions }: Statement): boolean {
    return conditions.some(
        ({ demands, key, values }) => demands && claim.test(key) && !values.some((value) => ANYBODY.test(value)),
    );
}
