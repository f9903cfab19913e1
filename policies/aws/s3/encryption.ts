import { hasAt, type Raw, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { ifKnown } from "../../core/unknown";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, nested } from "../buckets";
import { isLogTarget, takesLogs } from "./log-target";

export default bucketRule({
    id: "GW-AWS-001",
    slug: "bucket-key",
    title: "Buckets are encrypted with a key of the account's own",
    why: "With S3's own key whoever may read the bucket reads what is in it, and nobody can change who may use the one that AWS has for each account (aws/s3). A key of one's own is asked each time, can be taken away, and its use is logged.",
    remedy: "Set the algorithm aws:kms and the key, kmsMasterKeyId, in BucketServerSideEncryptionConfiguration. (A bucket that access logs go to can only have AES256.)",
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
            if (algorithm === "AES256" && takesLogs(bucket)) continue;
            if (!known.includes(algorithm)) report(path, `must be encrypted with ${known[0]}`, resource);
            else if (algorithm !== "AES256" && !namesOwnKey(applied))
                report(path, "must name a key of the account's own in kmsMasterKeyId", resource);
        }
    },
});

const AWS_KEY = /(?:^|:)alias\/aws\/s3$/;

/** Without one S3 takes that of AWS. One that is not known yet is made by the stack. */
function namesOwnKey(applied: Raw): boolean {
    if (!hasAt(applied, "kmsMasterKeyId")) return false;
    const key = ifKnown(() => textAt(applied, "kmsMasterKeyId"), undefined);
    return key === undefined || (key !== "" && !AWS_KEY.test(key));
}
