import rule from "../../../../policies/aws/s3/object-lock";
import { bucket, others, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a default": bucket(),
        "for years": bucket({
            ObjectLockConfiguration: { rule: { defaultRetention: { mode: "GOVERNANCE", years: 1 } } },
        }),
        "not where access logs go": [...bucket(), ...others()],
    },
    bad: {
        nothing: [plain(), "objectLockEnabled"],
        "a lock without a default": [plain({ objectLockEnabled: true }), ""],
        "without a time": [
            bucket({ ObjectLockConfiguration: { rule: { defaultRetention: { mode: "COMPLIANCE" } } } }),
            "BucketObjectLockConfiguration/shop rule.defaultRetention",
        ],
    },
    edge: {
        "a default without a word on the bucket itself": [bucket({}, { objectLockEnabled: undefined })],
        "no days": [
            bucket({ ObjectLockConfiguration: { rule: { defaultRetention: { mode: "COMPLIANCE", days: 0 } } } }),
            "BucketObjectLockConfiguration/shop rule.defaultRetention",
        ],
    },
    unknown: {
        days: [
            bucket({ ObjectLockConfiguration: { rule: { defaultRetention: { mode: "COMPLIANCE", days: UNKNOWN } } } }),
            "Bucket/shop rule.defaultRetention.days",
        ],
    },
});
