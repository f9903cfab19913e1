/** What S3 moves and removes by itself. */
import type { s3 } from "@pulumi/aws/types/input";

type Rule = s3.BucketLifecycleConfigurationRule;

/** Parts of an upload that was broken off: a night's backup is long over by then. */
const ABORT_UPLOADS_DAYS = 2;

/** S3 bills at least so many days of the cheaper class, and takes nothing into it earlier. */
const INFREQUENT_ACCESS_DAYS = 30;

/** S3 bills at least this much for each object of the cheaper class. Packs are larger; indexes and the like stay. */
const INFREQUENT_ACCESS_BYTES = 128 * 1024;

/** A year: as long as an audit looks back. */
const ACCESS_LOG_DAYS = 365;

const ABORT_UPLOADS: Rule = {
    id: "abort-broken-uploads",
    status: "Enabled",
    filter: {},
    abortIncompleteMultipartUpload: { daysAfterInitiation: ABORT_UPLOADS_DAYS },
};

/** @param noncurrentDays for how long what was removed or overwritten can be brought back */
export function backupLifecycle(noncurrentDays: number): Rule[] {
    return [
        ABORT_UPLOADS,
        {
            id: "remove-old-versions",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays },
            expiration: { expiredObjectDeleteMarker: true },
        },
        {
            id: "store-packs-cheaper",
            status: "Enabled",
            filter: { objectSizeGreaterThan: INFREQUENT_ACCESS_BYTES },
            // Read at once when they are needed, as a restore within the objectives asks for: no archive.
            transitions: [{ days: INFREQUENT_ACCESS_DAYS, storageClass: "STANDARD_IA" }],
        },
    ];
}

export function logLifecycle(noncurrentDays: number): Rule[] {
    return [
        ABORT_UPLOADS,
        {
            id: "remove-old-logs",
            status: "Enabled",
            filter: {},
            expiration: { days: ACCESS_LOG_DAYS },
            noncurrentVersionExpiration: { noncurrentDays },
        },
    ];
}
