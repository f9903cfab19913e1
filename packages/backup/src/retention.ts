/** Which backups are kept: a pure function of what there is, so that a thousand days can be tried in a second. */
import type { Retention } from "./config.stores";

export interface Kept {
    id: string;
    /** When it was started. Only whole, verified backups are given. */
    at: Date;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * The backups of one store and method that are no longer needed. Whatever any rule keeps is kept. Time is counted from the newest backup
 * and not from now: while no new one succeeds, nothing is removed, and a clock that jumps removes nothing either. The newest is never
 * removed.
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
    return periodsOf(at, timeZone).day;
}

/** The Monday that its week begins with, in the time zone. */
export function weekOf(at: Date, timeZone: string): string {
    return periodsOf(at, timeZone).week;
}

interface Periods {
    day: string;
    week: string;
}

const QUARTER_MS = 15 * 60_000;

/** A process sees as many quarters of an hour as there are backups. */
const zones = new Map<string, { format: Intl.DateTimeFormat; quarters: Map<number, Periods> }>();

/** The same for all of a quarter of an hour, whatever the zone, and long to format: kept for the next that asks. */
function periodsOf(at: Date, timeZone: string): Periods {
    let zone = zones.get(timeZone);
    if (!zone) {
        const format = new Intl.DateTimeFormat("en-CA", {
            timeZone,
            year: "numeric",
            month: "2-digit",
            day: "2-digit",
        });
        zone = { format, quarters: new Map() };
        zones.set(timeZone, zone);
    }
    const quarter = Math.floor(at.getTime() / QUARTER_MS);
    let periods = zone.quarters.get(quarter);
    if (!periods) {
        const day = zone.format.format(at);
        periods = { day, week: mondayOf(day) };
        zone.quarters.set(quarter, periods);
    }
    return periods;
}

function mondayOf(day: string): string {
    const date = new Date(`${day}T00:00:00Z`);
    const sinceMonday = (date.getUTCDay() + 6) % 7;
    return new Date(date.getTime() - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}
