import rule from "../../../policies/stack/backup-interval";
import { specify, UNKNOWN } from "../support/spec";
import { backupSchedule, running } from "../support/whole-stack";

const DAY = 24 * 3600;

specify(rule, {
    good: {
        hourly: backupSchedule(),
        "daily, where a day is enough": backupSchedule({ crons: ["0 2 * * *"], pointSeconds: DAY }),
        "by several schedules together": backupSchedule({
            crons: ["0 9-17 * * 1-5", "30 0-8,17-23 * * 1-5", "30 * * * 0,6"],
        }),
    },
    bad: {
        "daily, where an hour is asked for": [backupSchedule({ crons: ["0 2 * * *"] }), "saved[0].crons"],
        "not on weekends": [backupSchedule({ crons: ["0 * * * 1-5"] }), "saved[0].crons"],
        "without a schedule": [backupSchedule({ crons: [], pointSeconds: DAY }), "saved[0].crons"],
        "without an objective": [backupSchedule({ pointSeconds: null }), "saved[0]"],
    },
    edge: {
        "the same gap to the second": [backupSchedule({ crons: ["*/30 * * * *"], pointSeconds: 1800 })],
        "a second less": [backupSchedule({ crons: ["*/30 * * * *"], pointSeconds: 1799 }), "saved[0].crons"],
        "once a month": [backupSchedule({ crons: ["0 2 1 * *"], pointSeconds: 30 * DAY }), "saved[0].crons"],
        "no schedule at all": [backupSchedule({ crons: ["at night"] }), "saved[0].crons"],
        "what removes alone": [backupSchedule({}, { saved: [] })],
        "no backup": [running({})],
    },
    unknown: { when: [backupSchedule({ crons: UNKNOWN }), "saved[0].crons"] },
});
