import { asMap, listAt, textAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule } from "../buckets";
import { isLogTarget, takesLogs } from "./log-target";

export default bucketRule({
    id: "GW-AWS-010",
    slug: "bucket-replication",
    title: "Buckets are copied to another region",
    why: "A region that is gone takes its buckets along, for a day or for good.",
    remedy: "Add BucketReplicationConfig to a bucket in another region.",
    severity: "low",
    levels: ADVICE,
    references: soc2("A1.2"),
    parts: ["ReplicationConfig"],
    check(bucket, report) {
        if (isLogTarget(bucket) || bucket.buckets.replicas.has(bucket.resource)) return;
        const parts = bucket.parts("ReplicationConfig");
        for (const { resource, path, raw } of parts) {
            if (!listAt(raw, "rules").some(isEnabled)) report(path, "must have a rule that is Enabled", resource);
        }
        if (parts.length === 0 && !takesLogs(bucket)) report("", "must have BucketReplicationConfig");
    },
});

function isEnabled(rule: unknown, n: number): boolean {
    return textAt(asMap(rule, `rules[${n}]`), "status") !== "Disabled";
}
