import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Retention, Schedule } from "../../../packages/backup/src/config.stores";
import { expiredBackups } from "../../../packages/backup/src/prune";
import { dayOf, expired, weekOf, type Kept } from "../../../packages/backup/src/retention";
import { dueRuns } from "../../../packages/backup/src/schedule/due";
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

describe.each(EVERY_SYSTEM)("$name for six weeks", ({ system }) => {
    test("makes every backup that its document plans, and keeps what it promises", () => {
        for (const { store, schedules, retention: rules } of system.backups.filter((one) => one.schedules.length > 0)) {
            const { localDays: _local, ...kept } = rules;
            const started = new Map<string, Date>();
            let backups: { id: string; store: string; method: string; tier: string; at: Date; snapshot: string }[] = [];
            let runs = 0;
            // Every half hour is often enough for schedules on the hour and half past.
            for (let at = START; at < START + 45 * DAY_MS; at += 1_800_000) {
                const now = new Date(at);
                for (const { schedule } of dueRuns(
                    schedules as Schedule[],
                    (name) => started.get(name),
                    new Date(START - 1),
                    now,
                    "UTC",
                )) {
                    started.set(schedule.name, now);
                    runs += 1;
                    backups.push({
                        id: String(runs),
                        store,
                        method: schedule.kind,
                        tier: schedule.name,
                        at: now,
                        snapshot: String(runs),
                    });
                }
                if (now.getUTCHours() !== 4 || now.getUTCMinutes() !== 0) continue;
                const gone = new Set(expiredBackups(backups, () => kept, "UTC"));
                backups = backups.filter((one) => !gone.has(one));
            }
            const horizon = Math.max(kept.days ?? 0, kept.daily ?? 0, (kept.weekly ?? 0) * 7);
            const oldest = Math.min(...backups.map((one) => one.at.getTime()));
            const ageDays = (START + 45 * DAY_MS - oldest) / DAY_MS;
            expect(ageDays, store).toBeLessThanOrEqual(horizon + 8);
            expect(ageDays, store).toBeGreaterThanOrEqual(horizon - 8);
        }
    }, 120_000);
});
