import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, nested } from "../buckets";
import { isLogTarget, takesLogs } from "./log-target";

export default bucketRule({
    id: "GW-AWS-001",
    slug: "bucket-key",
    title: "Buckets are encrypted with a key of the account's own",
    why: "With S3's own key whoever may read the bucket reads what is in it. A key of KMS is asked each time, can be taken away, and its use is logged.",
    remedy: "Set the algorithm aws:kms and the key, in BucketServerSideEncryptionConfiguration. (A bucket that access logs go to can only have AES256.)",
    severity: "medium",
    levels: FROM_STAGING,
    references: soc2("CC6.1", "C1.1"),
    parts: ["ServerSideEncryptionConfiguration"],
    check(bucket, report) {
        const parts = bucket.parts("ServerSideEncryptionConfiguration");
        if (parts.length === 0) report("", "must have BucketServerSideEncryptionConfiguration");
        const known = isLogTarget(bucket) ? ["AES256"] : ["aws:kms", "aws:kms:dsse"];
        for (const { resource, path, raw } of parts) {
            const applied = nested(
                raw,
                ["rules", "rule"],
                ["applyServerSideEncryptionByDefault", "applyServerSideEncryptionByDefaults"],
            );
            const algorithm = textAt(applied, "sseAlgorithm") ?? "";
            if (known.includes(algorithm) || (algorithm === "AES256" && takesLogs(bucket))) continue;
            report(path, `must be encrypted with ${known[0]}`, resource);
        }
    },
});
