import { FROM_STAGING } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule } from "../buckets";
import { statementsIn } from "../documents";
import type { Condition, Statement } from "../statement";

const MISSING = "must deny requests without TLS, on all that is in it";
const BOOL = /^(?:for(?:any|all)values?:)?bool(?:ifexists)?$/i;
/** `arn:aws:s3:::shop/*`, `arn:aws:s3:::shop*`: nothing after the bucket but a wildcard. AWS itself refuses what is no ARN. */
const ALL_OBJECTS = /^(?!arn:)|^[^/]*\/?\*$/;

export default bucketRule({
    id: "GW-AWS-004",
    slug: "bucket-tls",
    title: "Buckets refuse requests without TLS",
    why: "S3 answers HTTP too: one client that is configured so sends what it stores, and reads, in the clear.",
    remedy: 'Add a statement to its policy: Deny, Principal *, s3:*, on the bucket and all in it, with the condition Bool aws:SecureTransport "false".',
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisAws("3.1.1"), ...soc2("CC6.7")],
    parts: ["Policy"],
    check(bucket, report) {
        const policies = bucket.parts("Policy");
        if (policies.length === 0) report("policy", MISSING);
        for (const { resource, raw } of policies) {
            if (!statementsIn(raw, "policy").some(refusesPlain)) report("policy", MISSING, resource);
        }
    },
});

/** Whoever asks, for whatever object, for no other reason than that it comes without TLS. */
function refusesPlain(statement: Statement): boolean {
    return (
        statement.effect === "Deny" &&
        statement.isForEverybody &&
        statement.covers("s3:GetObject") &&
        statement.covers("s3:PutObject") &&
        statement.resources.some((resource) => ALL_OBJECTS.test(resource)) &&
        statement.conditions.some(isPlain) &&
        statement.conditions.every((condition) => isPlain(condition) || isOfNoService(condition))
    );
}

function isPlain({ operator, key, values }: Condition): boolean {
    return BOOL.test(operator) && /^aws:securetransport$/i.test(key) && values.some((value) => /^false$/i.test(value));
}

/** AWS's own services come with TLS always. */
function isOfNoService({ operator, key }: Condition): boolean {
    return BOOL.test(operator) && /^aws:(?:principalisawsservice|viaawsservice)$/i.test(key);
}
