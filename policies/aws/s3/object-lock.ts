import { flagAt, join, numberAt, textAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, nested } from "../buckets";
import { takesLogs } from "./log-target";

export default bucketRule({
    id: "GW-AWS-008",
    slug: "bucket-object-lock",
    title: "Buckets keep what was written for a time, whoever asks",
    why: "Who has the keys of whoever writes backups removes them before anything else. What is locked stays.",
    remedy: "Set objectLockEnabled on the bucket and a default retention in BucketObjectLockConfiguration.",
    severity: "medium",
    levels: ADVICE,
    references: soc2("A1.2", "CC7.5"),
    parts: ["ObjectLockConfiguration"],
    check(bucket, report) {
        const parts = bucket.parts("ObjectLockConfiguration");
        for (const { resource, path, raw } of parts) {
            const retention = nested(raw, ["rule", "rules"], ["defaultRetention", "defaultRetentions"]);
            const time = (numberAt(retention, "days") ?? 0) + (numberAt(retention, "years") ?? 0);
            if (!textAt(retention, "mode") || !(time > 0))
                report(join(path, "rule.defaultRetention"), "must be set", resource);
        }
        if (parts.length > 0 || takesLogs(bucket)) return;
        if (!flagAt(bucket.raw, "objectLockEnabled")) report("objectLockEnabled", "must be true");
        else report("", "must have BucketObjectLockConfiguration");
    },
});
