import { flagAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, nested } from "../buckets";

export default bucketRule({
    id: "GW-AWS-005",
    slug: "bucket-versioning",
    title: "Buckets keep older versions",
    why: "What is overwritten or removed, by mistake or by an intruder, is gone; with versions it comes back.",
    remedy: "Add BucketVersioning with the status Enabled, and a lifecycle rule that removes older versions after a while.",
    severity: "high",
    levels: FROM_STAGING,
    references: soc2("A1.2", "CC7.5"),
    parts: ["Versioning"],
    check(bucket, report) {
        const parts = bucket.parts("Versioning");
        if (parts.length === 0) report("", "must have BucketVersioning");
        for (const { resource, path, raw } of parts) {
            const beside = path === "";
            const enabled = beside
                ? textAt(nested(raw, ["versioningConfiguration"]), "status") === "Enabled"
                : flagAt(raw, "enabled");
            if (!enabled) report(beside ? "versioningConfiguration.status" : path, "must be Enabled", resource);
        }
    },
});
