import rule from "../../../policies/stack/backup-kept";
import { specify, UNKNOWN } from "../support/spec";
import { backupSchedule } from "../support/whole-stack";

specify(rule, {
    good: {
        "for days": backupSchedule(),
        "by their number": backupSchedule({ retention: { daily: 7, weekly: 4 } }),
    },
    bad: {
        "without a bucket": [backupSchedule({}, { bucket: null }), "bucket"],
        "without a retention": [backupSchedule({ retention: null }), "saved[0].retention"],
        "for no day": [backupSchedule({ retention: { days: 0 } }), "saved[0].retention"],
    },
    edge: {
        "a bucket without a name": [backupSchedule({}, { bucket: "" }), "bucket"],
        "a copy on the machine alone": [backupSchedule({ retention: { localDays: 7 } }), "saved[0].retention"],
        "what only removes": [backupSchedule({}, { saved: [] })],
    },
    unknown: {
        "a bucket that is still to be made": [backupSchedule({}, { bucket: UNKNOWN }), "bucket"],
        retention: [backupSchedule({ retention: UNKNOWN }), "saved[0].retention"],
    },
});
