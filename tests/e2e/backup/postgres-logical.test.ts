import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { needsDocker } from "../docker/support/docker";
import { Lab } from "./support/lab";
import { PostgresLab } from "./support/postgres";

describe("a logical backup of Postgres", { timeout: 300_000 }, () => {
    needsDocker();
    const lab = new Lab();
    const postgres = new PostgresLab(lab);

    beforeAll(async () => {
        await lab.open(["postgres-pgvector"]);
        await postgres.start();
        await postgres.fill();
        lab.config({ stores: { postgres: postgres.store() } });
    }, 600_000);
    afterAll(() => lab.close());

    test("brings back every row of a database that was written to, emptied and dropped since, and can be undone", async () => {
        const before = await postgres.rows();
        const id = (await lab.mustBackup(["run", "postgres"])).trim();
        expect(id).toMatch(/^\d{8}T\d{9}Z-postgres-logical$/);
        await postgres.sql("DROP TABLE documents; DELETE FROM entries; INSERT INTO accounts VALUES (-1, 'since')");
        const damaged = await postgres.sql("SELECT count(*) FROM accounts");

        const said = await lab.mustBackup(["restore", "postgres", "--at", id, "--database", postgres.database]);
        expect(said).toContain("is the restored one, proven");
        expect(await postgres.rows()).toEqual(before);
        // The index is there and answers.
        const nearest =
            "SET enable_seqscan = off; SELECT id FROM documents ORDER BY embedding <=> (SELECT embedding FROM documents WHERE id = 7) LIMIT 1";
        expect((await postgres.sql(nearest)).trim()).toBe("7");

        await lab.mustBackup(["restore", "postgres", "--undo"]);
        expect(await postgres.sql("SELECT count(*) FROM accounts")).toBe(damaged);
    });

    test("comes back under another name, and the live database stays as it is", async () => {
        const live = await postgres.sql("SELECT count(*) FROM accounts");
        await lab.mustBackup(["restore", "postgres", "--into", "copy"]);
        expect(await postgres.sql("SELECT count(*) FROM accounts", "copy")).toBe(live);
        expect(await postgres.sql("SELECT count(*) FROM accounts")).toBe(live);
    });
});
