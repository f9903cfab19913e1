/** Recovery objectives and backup schedules that several systems share. */
import type { Backup, Objective } from "../types";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** OpenCode's table "RTO & RPO Targets". */
const OPENCODE_TABLE: Omit<Objective, "source">[] = [
    { scenario: "service-crash", rtoSeconds: 5 * MINUTE, rpoSeconds: 0, priority: "Critical" },
    { scenario: "database-corruption", rtoSeconds: 30 * MINUTE, rpoSeconds: HOUR, priority: "High" },
    { scenario: "complete-loss", rtoSeconds: 4 * HOUR, rpoSeconds: 24 * HOUR, priority: "High" },
    { scenario: "infrastructure-failure", rtoSeconds: 2 * HOUR, rpoSeconds: 24 * HOUR, priority: "Medium" },
];

export function openCodeObjectives(): Objective[] {
    return OPENCODE_TABLE.map((row) => ({ ...row, source: "RTO & RPO Targets" }));
}

/** For a system whose document states no objectives. */
export function takenOverObjectives(): Objective[] {
    return OPENCODE_TABLE.map((row) => ({
        ...row,
        source: "Taken over from OpenCode's RTO & RPO Targets: the document states none",
    }));
}

type Schedule = Backup["schedules"][number];

/**
 * Half past every hour. No document has it: a database that may lose one hour (database corruption) needs a copy of
 * every hour, and a daily dump alone cannot give that. The half hour keeps clear of the documents' own schedules, all
 * of which start on the hour.
 */
export const HOURLY_FOR_RPO: Schedule = { name: "hourly-for-rpo", cron: "30 * * * *", kind: "incremental" };

/** The same for files, of which a day may be lost with the machine, where the document copies them weekly. */
export const DAILY_FOR_RPO: Schedule = { name: "daily-for-rpo", cron: "30 3 * * *", kind: "incremental" };

/** The document says daily and no hour: 02:00, the hour of OpenCode and DEBT-OS. */
export function daily(kind: Schedule["kind"]): Schedule {
    return { name: "daily", cron: "0 2 * * *", kind };
}
