import { FROM_STAGING } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule } from "../buckets";
import { statementsIn } from "../documents";

export default bucketRule({
    id: "GW-AWS-004",
    slug: "bucket-tls",
    title: "Buckets refuse requests without TLS",
    why: "S3 answers HTTP too: one client that is configured so sends what it stores, and reads, in the clear.",
    remedy: 'Add a statement to its policy: Deny, Principal *, s3:*, on the bucket and all in it, with the condition Bool aws:SecureTransport "false".',
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisAws("3.1.1"), ...soc2("CC6.7")],
    check(bucket, report) {
        const policy = bucket.part("Policy");
        const refuses =
            policy &&
            statementsIn(policy.raw, "policy").some(
                (statement) =>
                    statement.effect === "Deny" &&
                    statement.isForEverybody &&
                    statement.covers("s3:GetObject") &&
                    statement.covers("s3:PutObject") &&
                    statement.conditions.some(
                        ({ operator, key, values }) =>
                            /^bool(?:ifexists)?$/i.test(operator) &&
                            key.toLowerCase() === "aws:securetransport" &&
                            values.includes("false"),
                    ),
            );
        if (!refuses) report("policy", "must deny requests without TLS", policy?.resource);
    },
});
