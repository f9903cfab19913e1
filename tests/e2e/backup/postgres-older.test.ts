import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { needsDocker } from "../docker/support/docker";
import { Lab } from "./support/lab";
import { olderPrograms, startOlder, type OlderMajor } from "./support/older";
import { PostgresLab } from "./support/postgres";

/** The documents name Postgres 15 and 16; the toolbox has Debian's clients, which are newer. */
describe.each([15, 16] as OlderMajor[])("Postgres %i", { timeout: 1_200_000 }, (major) => {
    needsDocker();
    const lab = new Lab();
    const postgres = new PostgresLab(lab);
    const files = ["-v", `${lab.volume("pgdata")}:/stores/postgres`];
    const tables = ["accounts", "entries"];
    let programs: string | undefined;

    beforeAll(async () => {
        programs = await olderPrograms(major);
        await lab.open(["postgres-pgvector"]);
        if (!programs) return;
        await lab.shell("chown 999:999 /stores/postgres", files);
        await startOlder(lab, programs, postgres.database);
        await postgres.fillWithoutVectors();
        lab.config({ stores: { postgres: postgres.storeWithLog() } });
        await lab.background("wal", ["wal"], files);
    }, 1_800_000);
    afterAll(() => lab.close());

    test("is backed up and restored with the newer clients: a database, and one table", async ({ skip }) => {
        if (!programs) return skip("npm's registry has no server of this version");
        const before = await postgres.rows(postgres.database, tables);
        await postgres.sql(`ALTER DATABASE "${postgres.database}" SET work_mem = '7MB'`);
        await lab.mustBackup(["run", "postgres", "--tier", "daily"], files);
        const [manifest] = JSON.parse(await lab.mustBackup(["list", "--json"], files)) as {
            versions: { server: string; pg_dump: string };
        }[];
        expect(manifest!.versions.server).toMatch(new RegExp(`^${major}\\.`));
        expect(Number.parseInt(manifest!.versions.pg_dump, 10)).toBeGreaterThan(major);

        await postgres.sql("TRUNCATE entries; DELETE FROM accounts WHERE id > 10");
        await lab.mustBackup(
            ["restore", "postgres", "--database", postgres.database, "--no-safety-copy", "--method", "logical"],
            files,
        );
        expect(await postgres.rows(postgres.database, tables)).toEqual(before);
        expect((await postgres.sql("SHOW work_mem")).trim()).toBe("7MB");
        await postgres.sql("TRUNCATE entries");
        await lab.mustBackup(
            ["restore", "postgres", "--table", "entries", "--no-safety-copy", "--method", "logical"],
            files,
        );
        expect(await postgres.rows(postgres.database, tables)).toEqual(before);
    });

    test("comes back from its files and log, as of a moment, where the toolbox has its server", async ({ skip }) => {
        if (!programs) return skip("npm's registry has no server of this version");
        await lab.mustBackup(["run", "postgres", "--tier", "hourly"], files);
        await postgres.sql(
            "INSERT INTO accounts SELECT n, 'after the backup', '{}' FROM generate_series(3001, 3500) n",
        );
        const before = await postgres.rows(postgres.database, tables);
        const moment = await postgres.now();
        await new Promise((wake) => setTimeout(wake, 1_500));
        // What an earlier restore has set aside refers to it.
        await postgres.sql("DROP TABLE entries; DROP TABLE accounts CASCADE");
        await postgres.shipped();

        const restore = ["restore", "postgres", "--at", moment, "--database", postgres.database];
        const { code, stderr } = await lab.backup(restore, files);
        expect(code).not.toBe(0);
        expect(stderr).toContain(`this image has no server of Postgres ${major}, only 17`);
        const server = ["-v", `${programs}:/usr/lib/postgresql/${major}:ro`];
        await lab.mustBackup(restore, [...files, ...server]);
        expect(await postgres.rows(postgres.database, tables)).toEqual(before);
    });
});
