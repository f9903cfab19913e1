import { hasAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, isLogTarget } from "../buckets";

export default bucketRule({
    id: "GW-AWS-009",
    slug: "bucket-logging",
    title: "Buckets log who reads and writes them",
    why: "After a leak nobody can say what was read, and by whom.",
    remedy: "Add BucketLogging into a bucket of its own.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisAws("4.4"), ...soc2("CC7.2")],
    check(bucket, report) {
        const part = bucket.part("Logging");
        if (part) {
            if (!hasAt(part.raw, "targetBucket")) report("targetBucket", "must be set", part.resource);
            return;
        }
        // Nobody reads a replica but in an emergency: what is written there is in the log of where it comes from.
        const { replicas } = bucket.buckets;
        if (!isLogTarget(bucket) && !replicas.has(bucket.resource)) report("", "must have BucketLogging");
    },
});
