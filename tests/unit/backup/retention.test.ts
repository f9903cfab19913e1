import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Retention, Schedule } from "../../../packages/backup/src/config.stores";
import { expiredBackups } from "../../../packages/backup/src/prune";
import { dayOf, expired, weekOf, type Kept } from "../../../packages/backup/src/retention";
import { dueRuns, nextPlanned } from "../../../packages/backup/src/schedule/due";
import { EVERY_SYSTEM } from "../systems/fact";

const DAY_MS = 24 * 3600 * 1000;
const START = Date.parse("2026-01-01T00:00:00Z");
const DAYS = 1000;

const retention = fc
    .record(
        {
            daily: fc.integer({ min: 1, max: 14 }),
            weekly: fc.integer({ min: 1, max: 6 }),
            days: fc.integer({ min: 1, max: 40 }),
        },
        { requiredKeys: [] },
    )
    .filter((one) => Object.keys(one).length > 0);
const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland");

/** Every day a backup at 02:00 or none, and then a prune if there was one; after each day `look` sees what there is. */
function simulate(
    rules: Retention,
    timeZone: string,
    fails: (day: number) => boolean,
    look: (day: number, kept: Kept[], made: Kept[]) => void,
): void {
    let kept: Kept[] = [];
    const made: Kept[] = [];
    for (let day = 0; day < DAYS; day += 1) {
        if (!fails(day)) {
            const one = { id: String(day), at: new Date(START + day * DAY_MS + 2 * 3600 * 1000) };
            made.push(one);
            kept.push(one);
            const gone = new Set(expired(kept, rules, timeZone));
            kept = kept.filter((each) => !gone.has(each));
        }
        look(day, kept, made);
    }
}

const newestPerPeriod = (made: Kept[], count: number, period: (at: Date) => string): Kept[] => {
    const found = new Map<string, Kept>();
    for (const one of [...made].reverse()) {
        const name = period(one.at);
        if (found.size === count && !found.has(name)) break;
        if (!found.has(name)) found.set(name, one);
    }
    return [...found.values()];
};

describe("a thousand days of backups", () => {
    test("never fewer copies than promised, whatever fails", () => {
        fc.assert(
            fc.property(
                retention,
                zone,
                fc.array(fc.integer({ min: 0, max: DAYS }), { maxLength: 300 }),
                (rules, timeZone, failing) => {
                    const failed = new Set(failing);
                    simulate(
                        rules,
                        timeZone,
                        (day) => failed.has(day),
                        (_day, kept, made) => {
                            const ids = new Set(kept.map(({ id }) => id));
                            const newest = made.at(-1);
                            // Not every day: what is missing stays missing.
                            if (!newest || Number(newest.id) % 5 > 0) return;
                            const promised = [
                                newest,
                                ...newestPerPeriod(made.slice(-60), rules.daily ?? 0, (at) => dayOf(at, timeZone)),
                                ...newestPerPeriod(made.slice(-60), rules.weekly ?? 0, (at) => weekOf(at, timeZone)),
                                ...made
                                    .slice(-60)
                                    .filter(
                                        ({ at }) => newest.at.getTime() - at.getTime() <= (rules.days ?? 0) * DAY_MS,
                                    ),
                            ];
                            for (const { id } of promised)
                                if (!ids.has(id)) throw new Error(`${id} is promised and gone`);
                        },
                    );
                },
            ),
            { numRuns: 4 },
        );
    });

    test("none more than a day over what the rules say, while backups succeed", () => {
        fc.assert(
            fc.property(retention, zone, (rules, timeZone) => {
                const most = Math.max(rules.days ?? 0, rules.daily ?? 0, (rules.weekly ?? 0) * 7);
                simulate(
                    rules,
                    timeZone,
                    () => false,
                    (day, kept) => {
                        const now = START + (day + 1) * DAY_MS;
                        for (const { at, id } of kept)
                            if (now - at.getTime() > (most + 1) * DAY_MS) throw new Error(`${id} is over`);
                    },
                );
            }),
            { numRuns: 4 },
        );
    });

    test("while none succeeds none is removed, and the last one stays for ever", () => {
        fc.assert(
            fc.property(retention, zone, fc.integer({ min: 1, max: 100 }), (rules, timeZone, until) => {
                let atTheEnd: number | undefined;
                simulate(
                    rules,
                    timeZone,
                    (day) => day >= until,
                    (day, kept) => {
                        if (day === until - 1) atTheEnd = kept.length;
                        if (day >= until) expect(kept.length).toBe(atTheEnd);
                    },
                );
            }),
            { numRuns: 6 },
        );
    });
});

/** Hours since the start in which nothing runs, and runs that fail, by their number. */
const trouble = fc.record({
    outages: fc.array(
        fc.record({ at: fc.integer({ min: 0, max: DAYS * 24 }), hours: fc.integer({ min: 1, max: 24 * 12 }) }),
        { maxLength: 25 },
    ),
    failures: fc.uniqueArray(fc.integer({ min: 0, max: 9_000 }), { maxLength: 500 }),
});
type Trouble = typeof trouble extends fc.Arbitrary<infer T> ? T : never;

type Made = Kept & { store: string; method: string; tier: string; snapshot: string };

/** What the document's rules promise of what was made, oldest first: written anew here, so that it is no copy of the code. */
function promised(made: Made[], rules: Retention): Set<string> {
    const newest = made.at(-1)!;
    const young = made.filter(({ at }) => newest.at.getTime() - at.getTime() <= (rules.days ?? 0) * DAY_MS);
    const dayNumber = (at: Date) => Math.floor(at.getTime() / DAY_MS);
    const days = newestPerPeriod(made, rules.daily ?? 0, (at) => `day ${dayNumber(at)}`);
    // The first of January 1970 was a Thursday.
    const weeks = newestPerPeriod(made, rules.weekly ?? 0, (at) => `week ${Math.floor((dayNumber(at) + 3) / 7)}`);
    return new Set([newest, ...young, ...days, ...weeks].map(({ id }) => id));
}

/** Whether a field of a cron expression (`*`, `3`, `9-17`, `1,4`) has a value. */
function has(field: string, value: number): boolean {
    return field.split(",").some((part) => {
        const [from, to = from] = part.split("-").map(Number);
        return part === "*" || (value >= from! && value <= to!);
    });
}

/** Times of the documents' kinds of expression, in UTC: a thousand times faster than croner, which another test compares it with. */
function timesOf(cron: string, days: number): number[] {
    const [minute, hour, , , weekday] = cron.split(" ") as [string, string, string, string, string];
    const times: number[] = [];
    for (let at = START; at < START + days * DAY_MS; at += 3_600_000) {
        const time = new Date(at);
        if (has(hour, time.getUTCHours()) && has(weekday, time.getUTCDay())) times.push(at + Number(minute) * 60_000);
    }
    return times;
}

const planned = new Map<string, number[]>();

function plannedTimes(cron: string, days: number): number[] {
    const key = `${days} of ${cron}`;
    const times = planned.get(key) ?? timesOf(cron, days);
    planned.set(key, times);
    return times;
}

/** A thousand days of one store; `look` every few days, after the day's prune. */
function live(
    store: string,
    schedules: Schedule[],
    rules: Retention,
    { outages, failures }: Trouble,
    look: (kept: Made[], made: Made[], now: Date) => void,
): Made[] {
    const failing = new Set(failures);
    const started = new Map<string, Date>();
    const made: Made[] = [];
    let kept: Made[] = [];
    let [runs, looks, pruned] = [0, 0, START];
    const run = (schedule: Schedule, now: Date): void => {
        started.set(schedule.name, now);
        runs += 1;
        if (failing.has(runs)) return;
        const one = { id: String(runs), store, method: schedule.kind, tier: schedule.name, at: now, snapshot: "" };
        made.push(one);
        kept.push(one);
    };
    const down = outages
        .map(({ at, hours }) => [START + at * 3_600_000, START + (at + hours) * 3_600_000] as const)
        .sort(([a], [b]) => a - b);
    const isDown = (at: number) => down.some(([from, to]) => at >= from && at < to);
    const events = [
        ...schedules.flatMap((schedule) => plannedTimes(schedule.cron, DAYS).map((at) => ({ at, schedule }))),
        ...down.map(([, to]) => ({ at: to, schedule: undefined })),
    ]
        .filter(({ at }) => !isDown(at))
        .sort((a, b) => a.at - b.at);
    for (const { at, schedule } of events) {
        const now = new Date(at);
        if (schedule) run(schedule, now);
        // It is up again, and makes up for what was missed.
        else
            for (const due of dueRuns(schedules, (name) => started.get(name), new Date(START - 1), now, "UTC"))
                run(due.schedule, now);
        if (at - pruned < DAY_MS) continue;
        pruned = at;
        const gone = new Set(expiredBackups(kept, () => rules, "UTC"));
        kept = kept.filter((one) => !gone.has(one));
        looks += 1;
        // What is missing stays missing, and what is over would be for days.
        if (looks % 6 === 0) look(kept, made, now);
    }
    return made;
}

test("what is planned is what the scheduler starts, for every expression of the documents", () => {
    const crons = new Set(
        EVERY_SYSTEM.flatMap(({ system }) =>
            system.backups.flatMap(({ schedules }) => schedules.map(({ cron }) => cron)),
        ),
    );
    expect(crons.size).toBeGreaterThan(3);
    for (const cron of crons) {
        const times: number[] = [];
        for (let now = new Date(START - 1000); ;) {
            now = nextPlanned([cron], now, "UTC")!;
            if (now.getTime() >= START + 15 * DAY_MS) break;
            times.push(now.getTime());
        }
        expect(times, cron).toEqual(plannedTimes(cron, 15));
    }
});

describe.each(EVERY_SYSTEM)("$name for a thousand days", ({ system }) => {
    const stores = system.backups.filter((one) => one.schedules.length > 0);

    test("keeps what its document promises, whatever fails, and nothing else", () => {
        fc.assert(
            fc.property(trouble, (troubles) => {
                for (const { store, schedules, retention: rules } of stores) {
                    let days = 0;
                    live(store, schedules as Schedule[], rules, troubles, (kept, made) => {
                        days += 1;
                        for (const method of new Set(schedules.map(({ kind }) => kind))) {
                            const own = made.filter((one) => one.method === method).slice(-1000);
                            if (own.length === 0) continue;
                            const wanted = promised(own, rules);
                            const there = new Set(kept.filter((one) => one.method === method).map(({ id }) => id));
                            const missing = [...wanted].filter((id) => !there.has(id));
                            const over = [...there].filter((id) => !wanted.has(id));
                            if (missing.length + over.length > 0)
                                throw new Error(`${store} ${method}: ${missing.join()} missing, ${over.join()} over`);
                        }
                    });
                    expect(days).toBeGreaterThan(10);
                }
            }),
            { numRuns: 1 },
        );
    });

    test("has nothing that is more than a day older than it says, and makes every run that is planned", () => {
        for (const { store, schedules, retention: rules } of stores) {
            const horizon = Math.max(rules.days ?? 0, rules.daily ?? 0, (rules.weekly ?? 0) * 7);
            const calm = { outages: [], failures: [] };
            const made = live(store, schedules as Schedule[], rules, calm, (kept, _made, now) => {
                const oldest = Math.min(...kept.map(({ at }) => at.getTime()));
                // A weekly schedule prunes a week apart.
                const between = Math.max(...schedules.map(({ cron }) => (/ \* \* \d$/.test(cron) ? 7 : 1)));
                expect((now.getTime() - oldest) / DAY_MS, store).toBeLessThanOrEqual(horizon + between);
            });
            const times = schedules.flatMap(({ cron }) => plannedTimes(cron, DAYS));
            expect(made.length, store).toBe(times.length);
        }
    });
});
