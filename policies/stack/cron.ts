/** Schedules in the syntax of cron. */
import { Cron } from "croner";

const DAY_MS = 24 * 3600 * 1000;
/** A Monday; two weeks, so that what is different on weekends or happens once a week is seen twice. */
const FROM = new Date("2026-03-02T00:00:00Z");
const UNTIL = new Date(FROM.getTime() + 15 * DAY_MS);

/**
 * Longest time between two runs, whichever of the schedules they are of. Infinite: there are not two in two weeks.
 *
 * @throws Error for what is no schedule
 */
export function longestGapSeconds(schedules: readonly string[]): number {
    const times = schedules.flatMap(runsOf).sort((a, b) => a - b);
    if (times.length < 2) return Infinity;
    return Math.max(...times.slice(1).map((time, n) => time - times[n]!)) / 1000;
}

function runsOf(schedule: string): number[] {
    const cron = new Cron(schedule, { timezone: "UTC" });
    const runs: number[] = [];
    for (let at = cron.nextRun(FROM); at !== null && at < UNTIL; at = cron.nextRun(at)) runs.push(at.getTime());
    return runs;
}
