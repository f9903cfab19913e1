import rule from "../../../policies/stack/backup-alert";
import { specify, UNKNOWN } from "../support/spec";
import { backupSchedule } from "../support/whole-stack";

specify(rule, {
    good: {
        "it tells half an hour after what may be lost": backupSchedule(),
        "nothing is backed up by it": backupSchedule({}, { saved: [] }),
    },
    bad: {
        none: [backupSchedule({ alert: undefined }), "saved[0].alert"],
        "one that asks nothing": [backupSchedule({ alert: { expr: "", afterSeconds: 60 } }), "saved[0].alert"],
        "one that never tells when": [backupSchedule({ alert: { expr: "absent(a)" } }), "saved[0].alert"],
        "one that tells a day later": [
            backupSchedule({ alert: { expr: "absent(a)", afterSeconds: 90_000 } }),
            "saved[0].alert.afterSeconds",
        ],
    },
    edge: {
        "just in time": [backupSchedule({ alert: { expr: "absent(a)", afterSeconds: 7200 } })],
        "an objective that nobody set is another rule's": [backupSchedule({ pointSeconds: undefined })],
        "no map": [backupSchedule({ alert: "BackupLate" }), "saved[0].alert"],
    },
    unknown: {
        "what it asks is not known yet": [
            backupSchedule({ alert: { expr: UNKNOWN, afterSeconds: 60 } }),
            "saved[0].alert.expr",
        ],
    },
});
