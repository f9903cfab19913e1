/** Which backups are kept: a pure function of what there is, so that a thousand days can be tried in a second. */
import type { Retention } from "./config.stores";

export interface Kept {
    id: string;
    /** When it was started. Only whole, verified backups are given. */
    at: Date;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * The backups of one store and method that are no longer needed. Whatever any rule keeps is kept. Time is counted from the newest backup and
 * not from now: while no new one succeeds, nothing is removed, and a clock that jumps removes nothing either. The newest is never removed.
 */
export function expired<T extends Kept>(backups: T[], retention: Retention, timeZone: string): T[] {
    const newestFirst = [...backups].sort((a, b) => b.at.getTime() - a.at.getTime());
    const newest = newestFirst[0];
    if (!newest) return [];
    const keep = new Set<T>([newest]);
    const { days, daily, weekly } = retention;
    if (days !== undefined) {
        for (const one of newestFirst) if (newest.at.getTime() - one.at.getTime() <= days * DAY_MS) keep.add(one);
    }
    if (daily !== undefined)
        for (const one of newestOfEach(newestFirst, daily, (at) => dayOf(at, timeZone))) keep.add(one);
    if (weekly !== undefined)
        for (const one of newestOfEach(newestFirst, weekly, (at) => weekOf(at, timeZone))) keep.add(one);
    return newestFirst.filter((one) => !keep.has(one));
}

/** The newest of each of the last `count` periods that have one. */
function newestOfEach<T extends Kept>(newestFirst: T[], count: number, periodOf: (at: Date) => string): T[] {
    const found = new Map<string, T>();
    for (const one of newestFirst) {
        const period = periodOf(one.at);
        if (found.has(period)) continue;
        if (found.size === count) break;
        found.set(period, one);
    }
    return [...found.values()];
}

/** `2026-11-24`, in the time zone. */
export function dayOf(at: Date, timeZone: string): string {
    let format = formats.get(timeZone);
    if (!format) {
        format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
        formats.set(timeZone, format);
    }
    return format.format(at);
}

/** The Monday that its week begins with, in the time zone. */
export function weekOf(at: Date, timeZone: string): string {
    const day = new Date(`${dayOf(at, timeZone)}T00:00:00Z`);
    const sinceMonday = (day.getUTCDay() + 6) % 7;
    return new Date(day.getTime() - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}

/** Making one takes longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();
