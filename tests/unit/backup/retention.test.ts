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
    for (const one of [...made].reverse())
        if (!found.has(period(one.at)) && found.size < count) found.set(period(one.at), one);
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
    }, 120_000);

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
    }, 120_000);

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
    }, 120_000);
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
    const days = newestPerPeriod(made, rules.daily ?? 0, (at) => dayOf(at, "UTC"));
    const weeks = newestPerPeriod(made, rules.weekly ?? 0, (at) => weekOf(at, "UTC"));
    return new Set([newest, ...young, ...days, ...weeks].map(({ id }) => id));
}

/** A thousand days of one store on a clock that jumps from one planned time to the next; `look` once a day, after the day's prune. */
function live(
    store: string,
    schedules: Schedule[],
    rules: Retention,
    { outages, failures }: Trouble,
    look: (kept: Made[], made: Made[], now: Date) => void,
): void {
    const failing = new Set(failures);
    const started = new Map<string, Date>();
    const made: Made[] = [];
    let kept: Made[] = [];
    let runs = 0;
    let looks = 0;
    let pruned = START;
    const end = START + DAYS * DAY_MS;
    for (
        let now = nextPlanned(
            schedules.map(({ cron }) => cron),
            new Date(START),
            "UTC",
        )!;
        now.getTime() < end;
    ) {
        const down = outages.find(({ at, hours }) => {
            const hour = (now.getTime() - START) / 3_600_000;
            return hour >= at && hour < at + hours;
        });
        if (down) {
            now = new Date(START + (down.at + down.hours) * 3_600_000);
            continue;
        }
        for (const { schedule } of dueRuns(schedules, (name) => started.get(name), new Date(START), now, "UTC")) {
            started.set(schedule.name, now);
            runs += 1;
            if (failing.has(runs)) continue;
            const id = String(runs);
            const one = { id, store, method: schedule.kind, tier: schedule.name, at: now, snapshot: id };
            made.push(one);
            kept.push(one);
        }
        if (now.getTime() - pruned >= DAY_MS) {
            pruned = now.getTime();
            const gone = new Set(expiredBackups(kept, () => rules, "UTC"));
            kept = kept.filter((one) => !gone.has(one));
            looks += 1;
            // What is missing stays missing, and what is over would be for days.
            if (looks % 6 === 0) look(kept, made, now);
        }
        now = nextPlanned(
            schedules.map(({ cron }) => cron),
            now,
            "UTC",
        )!;
    }
}

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
                            const own = made.slice(-1500).filter((one) => one.method === method);
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
            { numRuns: 2 },
        );
    }, 240_000);

    test("has nothing that is more than a day older than it says, and makes every run that is planned", () => {
        for (const { store, schedules, retention: rules } of stores) {
            const horizon = Math.max(rules.days ?? 0, rules.daily ?? 0, (rules.weekly ?? 0) * 7);
            let made = 0;
            live(store, schedules as Schedule[], rules, { outages: [], failures: [] }, (kept, all, now) => {
                made = all.length;
                const oldest = Math.min(...kept.map(({ at }) => at.getTime()));
                // A weekly schedule prunes a week apart.
                const between = Math.max(...schedules.map(({ cron }) => (/ \* \* \d$/.test(cron) ? 7 : 1)));
                expect((now.getTime() - oldest) / DAY_MS, store).toBeLessThanOrEqual(horizon + between);
            });
            expect(made, store).toBeGreaterThanOrEqual(Math.floor(DAYS / 7) - 1);
        }
    }, 240_000);
});
