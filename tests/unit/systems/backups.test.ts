/** What must hold between a system's backups, what they are of, and its recovery objectives. */
import { Cron } from "croner";
import { describe, expect, test } from "vitest";

import { EVERY_SYSTEM } from "./fact";

const FROM = new Date("2026-03-02T00:00:00Z");
const TWO_WEEKS_LATER = new Date("2026-03-16T00:00:00Z");

/** When these schedules start within two weeks, in order. */
function starts(crons: string[]): number[] {
    return crons
        .flatMap((cron) => {
            const schedule = new Cron(cron, { timezone: "UTC" });
            const times: number[] = [];
            for (let run = schedule.nextRun(FROM); run && run <= TWO_WEEKS_LATER; run = schedule.nextRun(run)) {
                times.push(run.getTime());
            }
            return times;
        })
        .sort((a, b) => a - b);
}

/** The longest time in hours between two starts. */
function longestGap(crons: string[]): number {
    const times = starts(crons);
    return Math.max(...times.slice(1).map((time, index) => time - times[index]!)) / 3_600_000;
}

describe.each(EVERY_SYSTEM)("$name", ({ system }) => {
    const stores = Object.entries(system.stores);
    const volumes = system.volumes.map((one) => one.name);

    test("backups are of what exists, on schedules that parse", () => {
        for (const { store, schedules } of system.backups) {
            expect([...stores.map(([name]) => name), ...volumes, "config"]).toContain(store);
            for (const { cron } of schedules) expect(new Cron(cron).nextRun(), cron).toBeInstanceOf(Date);
            const names = schedules.map((one) => one.name);
            expect(new Set(names).size).toBe(names.length);
        }
    });

    test("everything stateful is backed up, and only that", () => {
        const byVolume = new Map(stores.map(([name, one]) => [one.volume, name]));
        // A copy is backed up with what it is a copy of.
        const copy = system.stores.postgres?.replicaVolume;
        if (copy) byVolume.set(copy, "postgres");
        // Caddy asks for its certificates anew.
        for (const { name, stateful } of system.volumes.filter((one) => one.name !== "caddy-data")) {
            const backedUp = system.backups.some((one) => one.store === (byVolume.get(name) ?? name));
            expect(backedUp, name).toBe(stateful);
        }
    });

    test("backups are often enough for the recovery points", () => {
        const rpoHours = (scenario: string): number =>
            system.objectives.find((one) => one.scenario === scenario)!.rpoSeconds / 3600;
        // Logs are no data that the objectives speak of, and a configuration without schedule is in Git.
        for (const { store, schedules } of system.backups.filter((one) => one.store !== "logs")) {
            if (schedules.length === 0) continue;
            const database = ["postgres", "redis", "memgraph", "sqlite"].includes(store);
            const most = rpoHours(database ? "database-corruption" : "complete-loss");
            expect(longestGap(schedules.map((one) => one.cron)), store).toBeLessThanOrEqual(most);
        }
    });

    test("no two schedules of a store start together", () => {
        for (const { store, schedules } of system.backups) {
            const times = starts(schedules.map((one) => one.cron));
            expect(new Set(times).size, store).toBe(times.length);
        }
    });
});
