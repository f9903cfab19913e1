import { describe, expect, test } from "vitest";

import { parseConfig } from "../../../packages/backup/src/config";
import { chartOf, markdownOf, type DrillReport } from "../../../packages/backup/src/drill/report";
import { compareContents } from "../../../packages/backup/src/manifest";
import { metricsText } from "../../../packages/backup/src/metrics";
import { repositoryError } from "../../../packages/backup/src/repository/failure";

const config = parseConfig(
    JSON.stringify({
        version: 1,
        stack: "lab-dev",
        system: "lab",
        release: "1",
        repository: { kind: "directory", path: "/r", passwordFile: "/p" },
        stores: {
            redis: {
                driver: "redis",
                host: "redis",
                schedules: [
                    { name: "hourly", cron: "0 * * * *", kind: "snapshot" },
                    { name: "daily", cron: "0 2 * * *", kind: "snapshot" },
                ],
                retention: { days: 7 },
            },
        },
    }),
    "test",
);

describe("what people and Prometheus are told", () => {
    test("the age of the last verified upload by store and tier, and -1 where there has been none", () => {
        const history = {
            "redis/hourly": {
                lastStart: 900,
                lastSuccess: 1000,
                lastFailure: 1100,
                failures: 3,
                seconds: 2.5,
                bytes: 10,
                addedBytes: 4,
            },
        };
        const gauges = [
            { name: "slot_retained_bytes", help: "h", labels: { store: "a" }, value: 1 },
            { name: "slot_retained_bytes", help: "h", labels: { store: "b" }, value: 2 },
        ];
        const lines = metricsText(config, history, gauges, new Date(4_600_000)).split("\n");
        expect(lines).toContain(
            'groundwork_backup_last_verified_age_seconds{stack="lab-dev",store="redis",tier="hourly"} 3600',
        );
        expect(lines).toContain(
            'groundwork_backup_last_verified_age_seconds{stack="lab-dev",store="redis",tier="daily"} -1',
        );
        expect(lines).toContain('groundwork_backup_last_run_failed{stack="lab-dev",store="redis",tier="hourly"} 1');
        expect(lines).toContain('groundwork_backup_failures_total{stack="lab-dev",store="redis",tier="hourly"} 3');
        expect(lines.filter((line) => line === "# TYPE groundwork_backup_slot_retained_bytes gauge")).toHaveLength(1);
    });

    test("what differs between a backup and what came back, by name", () => {
        const expected = { a: { count: 1, checksum: "x" }, b: { count: 2 }, c: { count: 3 } };
        expect(compareContents(expected, expected)).toEqual([]);
        expect(compareContents(expected, { a: { count: 1, checksum: "y" }, b: { count: 1 }, d: { count: 0 } })).toEqual(
            [
                "a has the same count and other content",
                "b has 1, the backup 2",
                "c is missing",
                "d is not in the backup",
            ],
        );
    });

    test.each([
        ["Fatal: wrong password or no key found", 5, /does not open with this password/],
        ["ExpiredToken: The provided token has expired.", 5, /refuses the credentials/],
        [
            "RequestTimeTooSkewed: The difference between the request time and the server's time is too large.",
            5,
            /clock is wrong/,
        ],
        ["write /r/data/00: no space left on device", 5, /no space left/],
        ["dial tcp 127.0.0.1:9: connect: connection refused", 5, /cannot be reached/],
        ["pack 1234 contains 1 errors: [blob 0: ciphertext verification failed]", 6, /is damaged/],
        ["something that nobody has seen", 5, /storing failed/],
    ])("restic's %j ends with code %i and a remedy", (output, exit, message) => {
        const error = repositoryError("storing", output);
        expect(error.exit).toBe(exit);
        expect(error.message).toMatch(message);
        expect(error.remedy.length).toBeGreaterThan(20);
    });

    test("a drill's report names what failed, compares with the objectives, and draws a bar for each that was timed", () => {
        const report: DrillReport = {
            stack: "lab-dev",
            system: "lab",
            release: "1",
            at: "2026-11-24T02:00:00.000Z",
            objectives: [{ scenario: "database-corruption", rtoSeconds: 1800, rpoSeconds: 3600 }],
            rows: [
                { store: "redis", method: "snapshot", id: "x", rtoSeconds: 3, rpoSeconds: 5000, bytes: 2048 },
                { store: "postgres", method: "none", problem: "there is no backup of it" },
            ],
        };
        const text = markdownOf(report, "chart.svg");
        expect(text).toContain("1 of 2 came back whole");
        expect(text).toContain("FAILED: there is no backup of it");
        expect(text).toContain("| database-corruption | 30.0 min | 3.0 s | yes | 60.0 min | 83.3 min | NO |");
        expect(chartOf(report).match(/<rect/g)).toHaveLength(1);
    });
});
