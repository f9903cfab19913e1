import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { needsDocker } from "../docker/support/docker";
import { Lab, must } from "./support/lab";
import { PostgresLab } from "./support/postgres";

/** What the stores promise, in seconds. */
const RPO = 60;

const wait = (milliseconds: number) => new Promise((wake) => setTimeout(wake, milliseconds));

describe("files and log of Postgres", { timeout: 600_000 }, () => {
    needsDocker();
    const lab = new Lab();
    const postgres = new PostgresLab(lab);
    const mounts = ["-v", `${lab.volume("pgdata")}:/stores/postgres`];

    beforeAll(async () => {
        await lab.open(["postgres-pgvector"]);
        await postgres.start([
            "wal_level=replica",
            "max_wal_senders=4",
            "max_replication_slots=4",
            "max_slot_wal_keep_size=1GB",
        ]);
        await postgres.fill();
        lab.config({
            stores: {
                postgres: postgres.store({
                    dataDirectory: "/stores/postgres/pgdata",
                    wal: { shipSeconds: 5 },
                    schedules: [
                        { name: "daily", cron: "0 2 * * *", kind: "logical" },
                        { name: "hourly", cron: "30 * * * *", kind: "incremental" },
                    ],
                }),
            },
        });
        await lab.shell("chown 999:999 /stores/postgres", mounts);
        await lab.background("wal", ["wal"], mounts);
    }, 600_000);
    afterAll(() => lab.close());

    const now = async () =>
        (
            await postgres.sql(
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
            )
        ).trim();

    test("a table that was dropped comes back as it was a moment before, while the database runs on", async () => {
        const id = (await lab.mustBackup(["run", "postgres", "--tier", "hourly"], mounts)).trim();
        expect(id).toContain("-postgres-physical");
        await postgres.sql(
            "INSERT INTO accounts SELECT n, 'after the backup', '{}' FROM generate_series(3001, 3500) n",
        );
        const before = await postgres.rows();
        const moment = await now();
        await wait(1500);
        await postgres.sql("DROP TABLE entries; DROP TABLE accounts; INSERT INTO documents (id) VALUES (-1)");
        await wait(12_000);

        const said = await lab.mustBackup(
            ["restore", "postgres", "--at", moment, "--database", postgres.database],
            mounts,
        );
        expect(said).toContain("is the restored one, proven");
        expect(await postgres.rows()).toEqual(before);
    });

    test("the second incremental backup of files adds next to nothing", async () => {
        await lab.mustBackup(["run", "postgres", "--tier", "hourly"], mounts);
        const manifests = JSON.parse(await lab.mustBackup(["list", "--json"], mounts)) as {
            method: string;
            addedBytes: number;
            parts: { bytes: number }[];
        }[];
        const newest = manifests.find(({ method }) => method === "physical")!;
        expect(newest.addedBytes).toBeLessThan(newest.parts.reduce((sum, { bytes }) => sum + bytes, 0) / 5);
    });

    test("with the server killed and its volume gone, what was written a minute before comes back", async () => {
        await postgres.sql(
            "CREATE TABLE ticks (n serial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())",
        );
        const acknowledged: { n: number; at: number }[] = [];
        const end = Date.now() + 25_000;
        while (Date.now() < end) {
            const n = Number((await postgres.sql("INSERT INTO ticks DEFAULT VALUES RETURNING n")).trim());
            acknowledged.push({ n, at: Date.now() });
        }
        const killed = Date.now();
        await must("docker", ["kill", "--signal", "KILL", lab.container("postgres")]);
        await must("docker", ["rm", "-f", "-v", lab.container("postgres")]);
        await must("docker", ["rm", "-f", lab.container("wal")]);
        await lab.shell("rm -rf /stores/postgres/pgdata", mounts);

        await lab.mustBackup(["restore", "postgres", "--no-safety-copy"], mounts);
        await lab.mustBackup(["restore", "postgres", "--swap"], mounts);
        await postgres.start(["wal_level=replica"]);
        const newest = Number((await postgres.sql("SELECT max(n) FROM ticks")).trim());
        const lost = acknowledged.filter(({ n }) => n > newest);
        const lostSeconds = lost.length === 0 ? 0 : (killed - lost[0]!.at) / 1000;
        console.log(`lost ${lost.length} of ${acknowledged.length} writes: the last ${lostSeconds.toFixed(1)} s`);
        expect(lostSeconds).toBeLessThanOrEqual(RPO);
        // Nothing in between is missing.
        expect((await postgres.sql("SELECT count(*) = max(n) FROM ticks")).trim()).toBe("t");
        expect((await postgres.sql("SELECT count(*) FROM documents")).trim()).toBe("2000");
    });
});
