import { listAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, isLogTarget } from "../buckets";

export default bucketRule({
    id: "GW-AWS-010",
    slug: "bucket-replication",
    title: "Buckets are copied to another region",
    why: "A region that is gone takes its buckets along, for a day or for good.",
    remedy: "Add BucketReplicationConfig to a bucket in another region.",
    severity: "low",
    levels: ADVICE,
    references: soc2("A1.2"),
    check(bucket, report) {
        if (isLogTarget(bucket) || bucket.buckets.replicas.has(bucket.resource)) return;
        const part = bucket.part("ReplicationConfig");
        if (!part || listAt(part.raw, "rules").length === 0)
            report("", "must have BucketReplicationConfig", part?.resource);
    },
});
