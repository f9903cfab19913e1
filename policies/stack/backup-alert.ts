import { join, listAt, mapAt, numberAt, textAt } from "../core/raw";
import { ALWAYS } from "../core/rule";
import { soc2 } from "../frameworks/soc2";
import { backupScheduleRule } from "./backups";

/** An alert comes after the objective is missed, and that late at most: times what may be lost. */
const LATEST = 2;

export default backupScheduleRule({
    id: "GW-STK-010",
    slug: "backup-alert",
    title: "What is backed up has an alert that tells when its backups are late",
    why: "A backup that stopped is noticed on the day that it is needed.",
    remedy: "Leave to each store of a BackupSchedule the alert that it makes, and give the stack's output alerts to your Prometheus.",
    severity: "medium",
    levels: ALWAYS,
    references: soc2("CC7.2", "A1.2"),
    check({ raw }, report) {
        report.eachMap(listAt(raw, "saved"), "saved", (saved, at) => {
            const alert = mapAt(saved, "alert");
            const [expr, after, point] = [
                textAt(alert, "expr") ?? "",
                numberAt(alert, "afterSeconds"),
                numberAt(saved, "pointSeconds"),
            ];
            if (expr.trim() === "" || after === undefined)
                report(join(at, "alert"), "must say when it tells: expr, afterSeconds");
            else if (point !== undefined && after > LATEST * point)
                report(join(at, "alert.afterSeconds"), `must be at most ${LATEST * point}, twice what may be lost`);
        });
    },
});
