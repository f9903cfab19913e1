import { hasAt, numberAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, nested } from "../buckets";
import { lifecycleOf } from "./lifecycle-rules";

export default bucketRule({
    id: "GW-AWS-006",
    slug: "bucket-multipart",
    title: "Buckets remove uploads that were broken off",
    why: "The parts of an upload that never ended are listed nowhere, kept for ever and paid for.",
    remedy: "Add a lifecycle rule with abortIncompleteMultipartUpload after a few days.",
    severity: "low",
    levels: FROM_STAGING,
    references: soc2("A1.1"),
    check(bucket, report) {
        const lifecycle = lifecycleOf(bucket);
        const aborts = lifecycle?.rules.some((rule) => {
            if (hasAt(rule, "abortIncompleteMultipartUploadDays")) return true;
            const abort = nested(rule, ["abortIncompleteMultipartUpload"]);
            return (numberAt(abort, "daysAfterInitiation") ?? 0) > 0;
        });
        if (!aborts) report("", "must have a lifecycle rule that aborts incomplete uploads", lifecycle?.part.resource);
    },
});
