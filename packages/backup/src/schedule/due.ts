/** When runs are due: pure functions of a clock. */
import { Cron } from "croner";

import type { Schedule } from "../config.stores";

export interface Due {
    schedule: Schedule;
    /** The time that it was planned for. */
    at: Date;
}

/**
 * What should have started by now and has not. Of the runs that one schedule has missed only the last is made up for: a backup is of now,
 * whenever it was planned for. Oldest first.
 *
 * @param lastStart when a schedule's last run started; undefined for never, and then nothing was missed before `since`
 */
export function dueRuns(
    schedules: Schedule[],
    lastStart: (name: string) => Date | undefined,
    since: Date,
    now: Date,
    timeZone: string,
): Due[] {
    return schedules
        .flatMap((schedule) => {
            const planned = lastPlanned(schedule.cron, now, timeZone);
            const started = lastStart(schedule.name) ?? since;
            return planned && planned.getTime() > started.getTime() ? [{ schedule, at: planned }] : [];
        })
        .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** The last time at or before `now` that the schedule has. */
export function lastPlanned(cron: string, now: Date, timeZone: string): Date | undefined {
    const schedule = new Cron(cron, { timezone: timeZone, paused: true });
    // `previousRuns` is of times before its argument, and cron has no finer time than a second.
    return schedule.previousRuns(1, new Date(now.getTime() + 1000))[0];
}

export function nextPlanned(crons: string[], now: Date, timeZone: string): Date | undefined {
    const times = crons.flatMap((cron) => new Cron(cron, { timezone: timeZone, paused: true }).nextRun(now) ?? []);
    return times.sort((a, b) => a.getTime() - b.getTime())[0];
}
