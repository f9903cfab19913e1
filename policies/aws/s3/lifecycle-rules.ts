/** The lifecycle rules of a bucket, in the forms of all providers' versions. */
import { asMap, flagAt, listAt, textAt } from "../../core/raw";
import type { Raw } from "../../core/raw";
import type { Bucket, BucketPart } from "../buckets";

export interface Lifecycle {
    readonly part: BucketPart;
    /** Those that are in force. */
    readonly rules: readonly Raw[];
}

export function lifecycleOf(bucket: Bucket): Lifecycle | undefined {
    const part = bucket.part("LifecycleConfiguration");
    if (!part) return undefined;
    const rules = listAt(part.raw, "rules").map((rule, n) => asMap(rule, `rules[${n}]`));
    return {
        part,
        rules: rules.filter((rule) => textAt(rule, "status") === "Enabled" || flagAt(rule, "enabled") === true),
    };
}
