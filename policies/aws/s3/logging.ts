import { hasAt, join } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule } from "../buckets";
import { takesLogs } from "./log-target";

export default bucketRule({
    id: "GW-AWS-009",
    slug: "bucket-logging",
    title: "Buckets log who reads and writes them",
    why: "After a leak nobody can say what was read, and by whom.",
    remedy: "Add BucketLogging into a bucket of its own.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisAws("4.4"), ...soc2("CC7.2")],
    parts: ["Logging"],
    check(bucket, report) {
        const parts = bucket.parts("Logging");
        for (const { resource, path, raw } of parts) {
            if (!hasAt(raw, "targetBucket")) report(join(path, "targetBucket"), "must be set", resource);
        }
        // Nobody reads a replica but in an emergency: what is written there is in the log of where it comes from.
        const { replicas } = bucket.buckets;
        if (parts.length === 0 && !takesLogs(bucket) && !replicas.has(bucket.resource))
            report("", "must have BucketLogging");
    },
});
