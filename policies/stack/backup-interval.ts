import { asText, join, listAt, MalformedError, numberAt, textAt } from "../core/raw";
import { ALWAYS } from "../core/rule";
import { soc2 } from "../frameworks/soc2";
import { backupScheduleRule } from "./backups";
import { longestGapSeconds } from "./cron";

export default backupScheduleRule({
    id: "GW-STK-006",
    slug: "backup-interval",
    title: "Data is backed up as often as its recovery objective asks",
    why: "What is lost is what came after the last backup: a day of it, where one hour was promised and the backup is nightly.",
    remedy: "Add a schedule to the backup in the system's data, or agree on a longer objective.",
    severity: "high",
    levels: ALWAYS,
    references: soc2("A1.2"),
    check({ raw }, report) {
        report.eachMap(listAt(raw, "saved"), "saved", (saved, at) => {
            const most = numberAt(saved, "pointSeconds");
            const crons = listAt(saved, "crons").map((cron, n) => asText(cron, join(at, `crons[${n}]`)));
            if (most === undefined) return report(at, "must have an objective: pointSeconds");
            const gap = gapOf(crons, join(at, "crons"));
            const store = textAt(saved, "store") ?? "it";
            if (gap > most) report(join(at, "crons"), `must leave ${store} for at most ${hours(most)}: ${hours(gap)}`);
        });
    },
});

function gapOf(crons: readonly string[], path: string): number {
    try {
        return longestGapSeconds(crons);
    } catch {
        throw new MalformedError(path, "times in the syntax of cron", crons);
    }
}

function hours(seconds: number): string {
    return Number.isFinite(seconds) ? `${Math.round(seconds / 360) / 10} h` : "longer than two weeks";
}
