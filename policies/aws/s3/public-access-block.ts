import { flagAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule } from "../buckets";

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export default bucketRule({
    id: "GW-AWS-002",
    slug: "public-access-block",
    title: "Buckets can be opened to the public neither by mistake nor on purpose",
    why: "One line of a policy or of an ACL opens all that is in a bucket to everybody. The block stands whatever they say.",
    remedy: "Add BucketPublicAccessBlock with all four settings true.",
    severity: "critical",
    levels: ALWAYS,
    references: [...cisAws("3.1.4"), ...soc2("CC6.1", "CC6.6")],
    check(bucket, report) {
        const part = bucket.part("PublicAccessBlock");
        if (!part) {
            report("", "must have BucketPublicAccessBlock");
            return;
        }
        for (const flag of FLAGS) {
            report.attempt(() => {
                if (!flagAt(part.raw, flag)) report(flag, "must be true", part.resource);
            });
        }
    },
});
