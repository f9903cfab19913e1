import { ALWAYS } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";
import type { Statement } from "../statement";

/** What it takes to put a policy right. */
const MENDING = { bucket: ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"], key: ["kms:PutKeyPolicy"] } as const;

export default statementRule({
    id: "GW-AWS-038",
    slug: "lockout",
    title: "No policy locks everybody out, its owner included",
    why: "A statement that denies everybody to change the policy can be changed by nobody but the account's root user, and that of a key by nobody at all.",
    remedy: "Deny what is meant, with a condition that says when; leave the policy itself out.",
    severity: "high",
    levels: ALWAYS,
    references: soc2("A1.2"),
    check({ kind, statement }, report) {
        if (kind !== "bucket" && kind !== "key") return;
        if (statement.effect !== "Deny" || !statement.isForEverybody || statement.conditions.length > 0) return;
        if (kind === "bucket" && !isOnBucket(statement)) return;
        const denied = MENDING[kind].filter((action) => statement.covers(action));
        if (denied.length > 0) report("", `must not deny ${denied.join(", ")} to everybody`);
    },
});

/** On the bucket itself, not only on what is in it. */
function isOnBucket({ resources }: Statement): boolean {
    return resources.length === 0 || resources.some((resource) => !resource.includes("/"));
}
