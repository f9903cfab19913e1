import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { needsDocker } from "../docker/support/docker";
import { recovered, strictest, writePage } from "../support/recovery-page";
import { exec, Lab, must } from "./support/lab";
import { PostgresLab } from "./support/postgres";

/** What the stores promise, in seconds. */
const RPO = 60;

const wait = (milliseconds: number) => new Promise((wake) => setTimeout(wake, milliseconds));

describe("files and log of Postgres", { timeout: 1_200_000 }, () => {
    needsDocker();
    const lab = new Lab();
    const postgres = new PostgresLab(lab);
    const mounts = ["-v", `${lab.volume("pgdata")}:/stores/postgres`];

    beforeAll(async () => {
        await lab.open(["postgres-pgvector", "s3"]);
        await postgres.start([
            "wal_level=replica",
            "max_wal_senders=4",
            "max_replication_slots=4",
            "max_slot_wal_keep_size=48MB",
        ]);
        await postgres.fill();
        await lab.useBucket();
        lab.config({ stores: { postgres: postgres.storeWithLog() } });
        await lab.shell("chown 999:999 /stores/postgres", mounts);
        await lab.background("wal", ["wal"], mounts);
    }, 1_800_000);
    afterAll(async () => {
        await lab.close();
        await writePage();
    });

    /** The first backup of files. */
    let first = "";
    const stopServer = () => must("docker", ["stop", "--time", "30", lab.container("postgres")]);
    const startServer = async () => {
        await must("docker", ["start", lab.container("postgres")]);
        await postgres.ready();
    };

    test("a table that was dropped comes back as it was a moment before, while the database runs on", async () => {
        const id = (await lab.mustBackup(["run", "postgres", "--tier", "hourly"], mounts)).trim();
        expect(id).toContain("-postgres-physical");
        first = id;
        await postgres.sql(
            "INSERT INTO accounts SELECT n, 'after the backup', '{}' FROM generate_series(3001, 3500) n",
        );
        const before = await postgres.rows();
        const moment = await postgres.now();
        const asked = Date.now();
        await wait(1500);
        const lostSeconds = (Date.now() - asked) / 1000;
        await postgres.sql("DROP TABLE entries; DROP TABLE accounts; INSERT INTO documents (id) VALUES (-1)");
        await postgres.shipped();

        const began = Date.now();
        const said = await lab.mustBackup(
            ["restore", "postgres", "--at", moment, "--database", postgres.database],
            mounts,
        );
        expect(said).toContain("is the restored one, proven");
        expect(await postgres.rows()).toEqual(before);
        recovered({
            scenario: "Postgres: a table dropped, back to the second before",
            objective: strictest("database-corruption"),
            rtoSeconds: (Date.now() - began) / 1000,
            rpoSeconds: lostSeconds,
        });
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

    test("a whole cluster comes back and goes again, whatever moment its swap is killed at", async () => {
        await postgres.sql("CREATE TABLE marker AS SELECT 1 AS n");
        await lab.mustBackup(["restore", "postgres", "--at", first, "--no-safety-copy"], mounts);
        await stopServer();
        const marker = async () => (await postgres.sql("SELECT to_regclass('marker') IS NOT NULL")).trim();
        /** As root's `mv`, and the toolbox killed before or after it. */
        const killed = async (args: string[], script: string) => {
            await lab.shell(
                `mkdir -p /repository/bin && printf '#!/bin/sh\\n%s\\n' '${script}' > /repository/bin/mv && chmod -R a+rx /repository`,
            );
            const path = "PATH=/repository/bin:/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin:/bin";
            expect((await lab.backup(["restore", "postgres", ...args], [...mounts, "-e", path])).code).toBe(137);
            await lab.shell("rm -r /repository/bin; touch -d '-5 minutes' /var/lib/groundwork-backup/locks/*.lock");
        };
        await killed(["--swap"], "kill -9 $PPID");
        await startServer();
        expect(await marker(), "killed before").toBe("t");
        await stopServer();
        await killed(["--swap"], '/usr/bin/mv "$@"; kill -9 $PPID');
        await lab.mustBackup(["restore", "postgres", "--swap"], mounts);
        await startServer();
        expect(await marker(), "killed after, and gone on").toBe("f");
        await stopServer();
        await killed(["--undo"], '/usr/bin/mv "$@"; kill -9 $PPID');
        await lab.mustBackup(["restore", "postgres", "--undo"], mounts);
        await startServer();
        expect(await marker(), "undone").toBe("t");
        const aside = () => lab.shell("ls -d /stores/postgres/pgdata.restored-* || true", mounts);
        expect(await aside()).not.toBe("");
        await lab.mustBackup(["restore", "postgres", "--clear"], mounts);
        expect(await aside()).toBe("");
        expect(await marker(), "cleared").toBe("t");
    });

    test("what was not shipped yet comes back from the server's own volume, also after a restore that was undone", async () => {
        await must("docker", ["stop", lab.container("wal")]);
        await postgres.sql("INSERT INTO marker VALUES (2)");
        await postgres.sql("CREATE TABLE unshipped AS SELECT n FROM generate_series(1, 1000) n");
        const options = ["--database", postgres.database, "--into", "newest"];
        await lab.mustBackup(["restore", "postgres", ...options], mounts);
        const inNewest = (sql: string) => postgres.sql(`SELECT n FROM ${sql}`, "newest");
        expect((await inNewest("marker ORDER BY n")).trim().split(/\s+/)).toEqual(["1", "2"]);
        expect((await inNewest("unshipped")).trim().split(/\s+/)).toHaveLength(1000);
        await postgres.sql("DROP TABLE unshipped");
        await postgres.sql("DROP DATABASE newest");
        await must("docker", ["start", lab.container("wal")]);
    });

    test("a replication slot that the server gave up leaves a gap that is told of, and the next backup of files closes it", async () => {
        await lab.stop(lab.container("wal"));
        await must("docker", ["rm", lab.container("wal")]);
        await postgres.sql("CREATE TABLE filler (n int)");
        for (let n = 0; n < 6; n += 1) await postgres.sql("INSERT INTO filler VALUES (1); SELECT pg_switch_wal()");
        await postgres.sql("CHECKPOINT");
        expect((await postgres.sql("SELECT wal_status FROM pg_replication_slots")).trim()).toBe("lost");
        const gone = await postgres.now();
        await lab.background("wal", ["wal"], mounts);
        const logged = async () => (await exec("docker", ["logs", lab.container("wal")])).stderr;
        await expect
            .poll(logged, { timeout: 600_000, interval: 1000 })
            .toContain("there is a gap until the next backup of files");
        const database = ["--database", postgres.database, "--no-safety-copy"];
        const { code, stderr } = await lab.backup(["restore", "postgres", "--at", gone, ...database], mounts);
        expect([code, stderr]).toEqual([6, expect.stringContaining("the log has a gap")]);

        await lab.mustBackup(["run", "postgres", "--tier", "hourly"], mounts);
        await postgres.sql("INSERT INTO filler VALUES (2)");
        const after = await postgres.now();
        await postgres.sql("DROP TABLE filler");
        await postgres.shipped();
        const later = new Date(Date.now() + 3_600_000).toISOString();
        const early = await lab.backup(["restore", "postgres", "--at", later, ...database], mounts);
        expect([early.code, early.stderr]).toEqual([
            4,
            expect.stringMatching(/Leave --at out.*its last change is of 2/s),
        ]);
        await lab.mustBackup(["restore", "postgres", "--at", after, ...database], mounts);
        expect((await postgres.sql("SELECT count(*) FROM filler")).trim()).toBe("7");
    });

    test("a damaged page is found by the daily dump, and the cluster comes back as it was a moment before", async () => {
        const before = await postgres.rows();
        await postgres.sql("CHECKPOINT");
        const moment = await postgres.now();
        await postgres.sql("CREATE TABLE later (n int)");
        await postgres.shipped();
        const file = (await postgres.sql("SELECT pg_relation_filepath('documents')")).trim();
        await stopServer();
        await lab.shell(
            `printf 'rubbish rubbish' | dd of=/stores/postgres/pgdata/${file} bs=1 seek=20000 conv=notrunc status=none`,
            mounts,
        );
        await startServer();
        const began = Date.now();
        const { code, stderr } = await lab.backup(["run", "postgres"], mounts);
        expect(code).not.toBe(0);
        expect(stderr).toMatch(/invalid page|checksum/);
        const refused = await lab.backup(["restore", "postgres", "--at", moment], mounts);
        expect(refused.stderr).toContain("--no-safety-copy");

        await lab.mustBackup(["restore", "postgres", "--at", moment, "--no-safety-copy"], mounts);
        await stopServer();
        await lab.mustBackup(["restore", "postgres", "--swap"], mounts);
        await startServer();
        expect(await postgres.rows()).toEqual(before);
        recovered({
            scenario: "Postgres: bytes flipped in a table's file",
            objective: strictest("database-corruption"),
            rtoSeconds: (Date.now() - began) / 1000,
            // Compared above: nothing is missing.
            rpoSeconds: 0,
        });
    });

    test("with the server killed and its volume gone, what was written a minute before comes back", async () => {
        await postgres.sql(
            "CREATE TABLE ticks (n serial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())",
        );
        await postgres.shipped();
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
        const rtoSeconds = (Date.now() - killed) / 1000;
        const newest = Number((await postgres.sql("SELECT max(n) FROM ticks")).trim());
        const lost = acknowledged.filter(({ n }) => n > newest);
        const lostSeconds = lost.length === 0 ? 0 : (killed - lost[0]!.at) / 1000;
        recovered({
            scenario: "Postgres: killed, and its volume removed",
            objective: strictest("complete-loss"),
            rtoSeconds,
            rpoSeconds: lostSeconds,
        });
        expect(lostSeconds).toBeLessThanOrEqual(RPO);
        // Nothing in between is missing.
        expect((await postgres.sql("SELECT count(*) = max(n) FROM ticks")).trim()).toBe("t");
        expect((await postgres.sql("SELECT count(*) FROM documents")).trim()).toBe("2000");
    });
});
