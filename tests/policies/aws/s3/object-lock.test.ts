import rule from "../../../../policies/aws/s3/object-lock";
import { bucket, others, part, plain, plainV2 } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a default": bucket(),
        "for years": bucket({
            ObjectLockConfiguration: { rule: { defaultRetention: { mode: "GOVERNANCE", years: 1 } } },
        }),
        "its own inputs": plain({
            objectLockEnabled: true,
            objectLockConfiguration: { rule: { defaultRetention: { mode: "GOVERNANCE", days: 1 } } },
        }),
        "as older providers have it": plainV2({
            objectLockConfiguration: { rules: [{ defaultRetentions: [{ mode: "GOVERNANCE", days: 1 }] }] },
        }),
        "not where S3's logging may write": plain({ acl: "log-delivery-write" }),
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
        "its own input without a default": [
            plain({ objectLockConfiguration: { objectLockEnabled: "Enabled" } }),
            "objectLockConfiguration.rule.defaultRetention",
        ],
        "of a bucket that is not in the stack": [part("ObjectLockConfiguration", {}, "other"), "rule.defaultRetention"],
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
