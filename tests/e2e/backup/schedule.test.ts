import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { needsDocker } from "../docker/support/docker";
import { Lab } from "./support/lab";
import { PostgresLab } from "./support/postgres";

describe("a scheduler left to itself", { timeout: 1_500_000 }, () => {
    needsDocker();
    const lab = new Lab();
    const postgres = new PostgresLab(lab);
    const mounts = ["-v", `${lab.volume("app")}:/stores/app`];
    // Missed half an hour ago, and not due again while this runs.
    const minute = (new Date().getUTCMinutes() + 30) % 60;
    const hourly = [{ name: "hourly", cron: `${minute} * * * *`, kind: "full" as const }];

    beforeAll(async () => {
        await lab.open(["postgres-pgvector"]);
        await postgres.start();
        await postgres.fill();
        await lab.shell(
            "cd /stores/app && mkdir projects && echo one > projects/a && sqlite3 app.db 'CREATE TABLE t (x); INSERT INTO t VALUES (1), (2)' && chown -R 999:999 /stores/app",
            mounts,
        );
        lab.config({
            stores: {
                postgres: postgres.store({ schedules: hourly }),
                sqlite: {
                    driver: "sqlite",
                    file: "/stores/app/app.db",
                    schedules: hourly,
                    retention: { days: 1 },
                },
                projects: {
                    driver: "files",
                    directory: "/stores/app/projects",
                    schedules: hourly,
                    retention: { days: 1 },
                },
            },
            drill: { reports: "/var/lib/groundwork-backup/reports" },
            localCopy: { path: "/backups", days: 7 },
            objectives: [{ scenario: "complete-loss", rtoSeconds: 14_400, rpoSeconds: 86_400 }],
        });
    }, 600_000);
    afterAll(() => lab.close());

    test("makes up for the runs that were missed, copies it to the machine, and tells how old each is; a drill brings all of it back", async () => {
        const local = [...mounts, "-v", `${lab.volume("local")}:/backups`];
        // It is down since before the last of them.
        await lab.shell(
            "date -u -d '-2 hours' +%Y-%m-%dT%H:%M:%SZ > /var/lib/groundwork-backup/since; chown 999:999 /var/lib/groundwork-backup/since",
        );
        const name = await lab.background("scheduler", ["schedule"], local);
        const ask = ["curl", "-fsS", "http://127.0.0.1:9469/metrics"];
        await lab.ready("scheduler", ask);
        const age = /last_verified_age_seconds\{stack="lab-dev",store="(\w+)",tier="hourly"\} (-?[\d.]+)/g;
        /** Stores of which a backup has been read back. */
        const verified = async () =>
            [...(await lab.exec("scheduler", ask)).matchAll(age)]
                .filter(([, , value]) => Number(value) >= 0)
                .map(([, store]) => store!)
                .sort();
        await expect.poll(verified, { timeout: 600_000, interval: 3000 }).toEqual(["postgres", "projects", "sqlite"]);
        await lab.stop(name);

        for (const store of ["postgres-logical", "sqlite-copy", "projects-files"]) {
            expect(await lab.mustBackup(["list", "--local"], local)).toContain(store);
        }
        const report = JSON.parse(await lab.mustBackup(["drill"], local)) as {
            rows: { store: string; problem?: string; rtoSeconds: number }[];
        };
        expect(report.rows.map(({ store }) => store).sort()).toEqual(["postgres", "projects", "sqlite"]);
        for (const { problem, rtoSeconds } of report.rows) {
            expect(problem).toBeUndefined();
            expect(rtoSeconds).toBeGreaterThan(0);
        }
        const files = await lab.shell(
            "cat /var/lib/groundwork-backup/reports/*.md; ls /var/lib/groundwork-backup/reports",
        );
        expect(files).toContain("3 of 3 came back whole");
        expect(files).toMatch(/drill-\d{14}\.json\ndrill-\d{14}\.md\ndrill-\d{14}\.svg/);
    });
});
