import { numberAt, type Raw } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, nested } from "../buckets";
import { lifecyclesOf } from "./lifecycle-rules";

const MISSING = "must have a lifecycle rule that aborts incomplete uploads";

export default bucketRule({
    id: "GW-AWS-006",
    slug: "bucket-multipart",
    title: "Buckets remove uploads that were broken off",
    why: "The parts of an upload that never ended are listed nowhere, kept for ever and paid for.",
    remedy: "Add a lifecycle rule with abortIncompleteMultipartUpload after a few days.",
    severity: "low",
    levels: FROM_STAGING,
    references: soc2("A1.1"),
    parts: ["LifecycleConfiguration"],
    check(bucket, report) {
        const lifecycles = lifecyclesOf(bucket);
        if (lifecycles.length === 0) report("", MISSING);
        for (const { part, rules } of lifecycles) if (!rules.some(aborts)) report("", MISSING, part.resource);
    },
});

function aborts(rule: Raw): boolean {
    const abort = nested(rule, ["abortIncompleteMultipartUpload"]);
    const days = numberAt(rule, "abortIncompleteMultipartUploadDays") ?? numberAt(abort, "daysAfterInitiation");
    return (days ?? 0) > 0;
}
