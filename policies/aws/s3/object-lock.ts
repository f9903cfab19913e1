import { flagAt, numberAt, textAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, isLogTarget, nested } from "../buckets";

export default bucketRule({
    id: "GW-AWS-008",
    slug: "bucket-object-lock",
    title: "Buckets keep what was written for a time, whoever asks",
    why: "Who has the keys of whoever writes backups removes them before anything else. What is locked stays.",
    remedy: "Set objectLockEnabled on the bucket and a default retention in BucketObjectLockConfiguration.",
    severity: "medium",
    levels: ADVICE,
    references: soc2("A1.2", "CC7.5"),
    check(bucket, report) {
        if (isLogTarget(bucket)) return;
        const part = bucket.part("ObjectLockConfiguration");
        if (!part && !flagAt(bucket.raw, "objectLockEnabled")) report("objectLockEnabled", "must be true");
        else if (!part) report("", "must have BucketObjectLockConfiguration");
        else {
            const retention = nested(part.raw, ["rule"], ["defaultRetention"]);
            const time = (numberAt(retention, "days") ?? 0) + (numberAt(retention, "years") ?? 0);
            if (!textAt(retention, "mode") || !(time > 0))
                report("rule.defaultRetention", "must be set", part.resource);
        }
    },
});
