/** The lifecycle rules of a bucket, in the forms of all providers' versions. */
import { asMap, flagAt, hasAt, listAt, type Raw, textAt, valueAt } from "../../core/raw";
import { type Bucket, type BucketPart, nested } from "../buckets";

export interface Lifecycle {
    readonly part: BucketPart;
    /** Those that are in force, for all that is in the bucket. */
    readonly rules: readonly Raw[];
}

/** Each that is set for it. */
export function lifecyclesOf(bucket: Bucket): Lifecycle[] {
    return bucket.parts("LifecycleConfiguration").map((part) => {
        const rules = listAt(part.raw, "rules").map((rule, n) => asMap(rule, `rules[${n}]`));
        return { part, rules: rules.filter((rule) => isEnabled(rule) && isForAll(rule)) };
    });
}

function isEnabled(rule: Raw): boolean {
    return textAt(rule, "status") === "Enabled" || flagAt(rule, "enabled") === true;
}

const NARROWING = ["and", "tag", "tags", "objectSizeGreaterThan", "objectSizeLessThan"];

function isForAll(rule: Raw): boolean {
    return [rule, nested(rule, ["filter"])].every(
        (from) => (valueAt(from, "prefix") ?? "") === "" && !NARROWING.some((key) => isSet(from, key)),
    );
}

function isSet(from: Raw, key: string): boolean {
    if (!hasAt(from, key)) return false;
    const value = valueAt(from, key);
    return typeof value !== "object" || Object.keys(value as object).length > 0;
}
