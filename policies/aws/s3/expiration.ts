import { numberAt, type Raw } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, nested } from "../buckets";
import { lifecyclesOf } from "./lifecycle-rules";

const MISSING = "must have a lifecycle rule that removes older versions";

export default bucketRule({
    id: "GW-AWS-007",
    slug: "bucket-expiration",
    title: "Buckets remove what is old",
    why: "Versions that nobody removes are kept for ever: the bill grows, and what had to be forgotten is still there.",
    remedy: "Add a lifecycle rule with noncurrentVersionExpiration.",
    severity: "low",
    levels: FROM_STAGING,
    references: soc2("C1.1", "A1.1"),
    parts: ["LifecycleConfiguration"],
    check(bucket, report) {
        const lifecycles = lifecyclesOf(bucket);
        if (lifecycles.length === 0) report("", MISSING);
        for (const { part, rules } of lifecycles) if (!rules.some(expires)) report("", MISSING, part.resource);
    },
});

function expires(rule: Raw): boolean {
    const expiration = nested(rule, ["noncurrentVersionExpiration", "noncurrentVersionExpirations"]);
    return (numberAt(expiration, "noncurrentDays") ?? numberAt(expiration, "days") ?? 0) > 0;
}
