import { describe, expect, test } from "vitest";

import type { Schedule } from "../../../packages/backup/src/config.stores";
import { dueRuns, nextPlanned } from "../../../packages/backup/src/schedule/due";

const NIGHTLY: Schedule = { name: "nightly", cron: "0 2 * * *", kind: "logical" };
const HOURLY: Schedule = { name: "hourly", cron: "30 * * * *", kind: "incremental" };
const at = (text: string) => new Date(`2026-03-10T${text}Z`);
const names = (started: Record<string, Date>, since: Date, now: Date, zone = "UTC") =>
    dueRuns([NIGHTLY, HOURLY], (name) => started[name], since, now, zone).map(({ schedule }) => schedule.name);

describe("runs that are due", () => {
    test("are none before their time, and one at its second", () => {
        expect(names({}, at("01:45:00"), at("01:59:59"))).toEqual([]);
        expect(names({}, at("01:45:00"), at("02:00:00"))).toEqual(["nightly"]);
    });

    test("are made up for once, however many were missed, the oldest plan first", () => {
        const since = new Date("2026-03-01T00:00:00Z");
        expect(names({ nightly: since, hourly: since }, since, at("12:10:00"))).toEqual(["nightly", "hourly"]);
        expect(names({ nightly: at("12:10:01"), hourly: at("12:10:02") }, since, at("12:10:03"))).toEqual([]);
    });

    test("are none that were planned before the state volume was made", () => {
        expect(names({}, at("12:00:00"), at("12:10:00"))).toEqual([]);
    });

    test("follow the time zone", () => {
        // 02:00 in Berlin is 01:00 UTC in March.
        expect(names({ hourly: at("00:59:00") }, at("00:45:00"), at("01:00:00"), "Europe/Berlin")).toEqual(["nightly"]);
        expect(nextPlanned([NIGHTLY.cron], at("00:00:00"), "Europe/Berlin")).toEqual(at("01:00:00"));
    });
});
