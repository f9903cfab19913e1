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
    let programs: string | undefined;

    beforeAll(async () => {
        programs = await olderPrograms(major);
        await lab.open(["postgres-pgvector"]);
        if (!programs) return;
        await startOlder(lab, programs, postgres.database);
        await postgres.fillWithoutVectors();
        lab.config({ stores: { postgres: postgres.store() } });
    }, 1_800_000);
    afterAll(() => lab.close());

    test("is backed up and restored with the newer clients: a database, and one table", async ({ skip }) => {
        if (!programs) return skip("npm's registry has no server of this version");
        const before = await postgres.rows(postgres.database, ["accounts", "entries"]);
        await postgres.sql(`ALTER DATABASE "${postgres.database}" SET work_mem = '7MB'`);
        await lab.mustBackup(["run", "postgres"]);
        const [manifest] = JSON.parse(await lab.mustBackup(["list", "--json"])) as {
            versions: { server: string; pg_dump: string };
        }[];
        expect(manifest!.versions.server).toMatch(new RegExp(`^${major}\\.`));
        expect(Number.parseInt(manifest!.versions.pg_dump, 10)).toBeGreaterThan(major);

        await postgres.sql("TRUNCATE entries; DELETE FROM accounts WHERE id > 10");
        await lab.mustBackup(["restore", "postgres", "--database", postgres.database, "--no-safety-copy"]);
        expect(await postgres.rows(postgres.database, ["accounts", "entries"])).toEqual(before);
        expect((await postgres.sql("SHOW work_mem")).trim()).toBe("7MB");
        await postgres.sql("TRUNCATE entries");
        await lab.mustBackup(["restore", "postgres", "--table", "entries", "--no-safety-copy"]);
        expect(await postgres.rows(postgres.database, ["accounts", "entries"])).toEqual(before);
    });
});
