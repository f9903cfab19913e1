import { join, listAt, mapAt, numberAt, textAt } from "../core/raw";
import { ALWAYS } from "../core/rule";
import { soc2 } from "../frameworks/soc2";
import { backupScheduleRule } from "./backups";

export default backupScheduleRule({
    id: "GW-STK-007",
    slug: "backup-kept",
    title: "Backups have a bucket, and are kept for a time that somebody has chosen",
    why: "Without a bucket they are on the machine that is lost; without a time they are removed at once, or never.",
    remedy: "Set groundwork:backup.bucket, and daily, weekly or days in the retention of the backup.",
    severity: "high",
    levels: ALWAYS,
    references: soc2("A1.2", "C1.1"),
    check({ raw }, report) {
        report.attempt(() => {
            if ((textAt(raw, "bucket") ?? "") === "") report("bucket", "must be set");
        });
        report.eachMap(listAt(raw, "saved"), "saved", (saved, at) => {
            const retention = mapAt(saved, "retention");
            const kept = ["daily", "weekly", "days"].some((key) => (numberAt(retention, key) ?? 0) > 0);
            if (!kept) report(join(at, "retention"), "must say daily, weekly or days");
        });
    },
});
