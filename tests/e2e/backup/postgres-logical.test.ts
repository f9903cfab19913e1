import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { needsDocker } from "../docker/support/docker";
import { waitFor } from "../support/wait";
import { detached, exec, Lab } from "./support/lab";
import { PostgresLab } from "./support/postgres";

describe("a logical backup of Postgres", { timeout: 1_200_000 }, () => {
    needsDocker();
    const lab = new Lab();
    const postgres = new PostgresLab(lab);

    beforeAll(async () => {
        await lab.open(["postgres-pgvector"]);
        await postgres.start();
        await postgres.fill();
        await postgres.sql('CREATE DATABASE other; COMMENT ON DATABASE "app db" IS $$the application$$');
        await postgres.sql("CREATE TABLE t AS SELECT n FROM generate_series(1, 100) n", "other");
        lab.config({ stores: { postgres: postgres.store() } });
    }, 1_800_000);
    afterAll(() => lab.close());

    // Asked from a database that no restore renames.
    const databases = async () =>
        (await postgres.sql("SELECT datname FROM pg_database ORDER BY 1", "postgres")).trim().split("\n");
    const setAside = async () => (await databases()).filter((name) => /_(restoring|before|undone)_\d{14}$/.test(name));
    const restore = (...args: string[]) => lab.mustBackup(["restore", "postgres", ...args]);
    const properties = () =>
        postgres.sql(
            `SELECT ARRAY(SELECT unnest(datacl)::text ORDER BY 1), shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database();
             SELECT setrole::regrole, setconfig FROM pg_db_role_setting
             WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1;
             SELECT relacl FROM pg_class WHERE relname = 'accounts'`,
        );

    test("brings back every row, privilege and setting of a database that was written to and emptied since, and can be undone", async () => {
        await postgres.sql(
            `ALTER DATABASE "app db" SET work_mem = '7MB'; ALTER DATABASE "app db" SET search_path = "$user", public, "Odd";
             ALTER ROLE reader IN DATABASE "app db" SET statement_timeout = '5s';
             REVOKE CONNECT ON DATABASE "app db" FROM PUBLIC; GRANT CONNECT ON DATABASE "app db" TO reader`,
        );
        const [before, own] = [await postgres.rows(), await properties()];
        expect(own).toContain("work_mem=7MB");
        const id = (await lab.mustBackup(["run", "postgres"])).trim();
        expect(id).toMatch(/^\d{8}T\d{9}Z-postgres-logical$/);
        await postgres.sql("DROP TABLE documents; DELETE FROM entries; INSERT INTO accounts VALUES (-1, 'since')");
        const damaged = await postgres.sql("SELECT count(*) FROM accounts");

        const said = await restore("--at", id, "--database", postgres.database);
        expect(said).toContain("is the restored one, proven");
        expect(await postgres.rows()).toEqual(before);
        expect(await properties()).toBe(own);
        // The index is there and answers.
        const nearest =
            "SET enable_seqscan = off; SELECT id FROM documents ORDER BY embedding <=> (SELECT embedding FROM documents WHERE id = 7) LIMIT 1";
        expect((await postgres.sql(nearest)).trim()).toBe("7");

        await restore("--undo");
        expect(await postgres.sql("SELECT count(*) FROM accounts")).toBe(damaged);
        expect(await properties()).toBe(own);
        await restore("--at", id, "--database", postgres.database, "--no-safety-copy");
        expect(await postgres.rows()).toEqual(before);
    });

    test("--plan says what a restore would do and does none of it, and an option of another store is refused", async () => {
        const [there, backups] = [await databases(), await lab.mustBackup(["list"])];
        expect(await restore("--plan", "--table", "entries")).toMatch(
            /from \S+-postgres-logical[^]*back up what is live now[^]*load the table entries of app db beside the live one/,
        );
        expect([await databases(), await lab.mustBackup(["list"])]).toEqual([there, backups]);
        const { code, stderr } = await lab.backup(["restore", "postgres", "--graph-only"]);
        expect([code, stderr]).toEqual([2, expect.stringContaining("has no --graph-only")]);
    });

    test("comes back under another name, and the live database stays as it is", async () => {
        const live = await postgres.sql("SELECT count(*) FROM accounts");
        await restore("--into", "copy", "--no-safety-copy");
        expect(await postgres.sql("SELECT count(*) FROM accounts", "copy")).toBe(live);
        expect(await postgres.sql("SELECT count(*) FROM accounts")).toBe(live);
        await postgres.sql("DROP DATABASE copy");
    });

    test("one table comes back with its sequence, keys and references, and can be undone; one that others refer to is left alone", async () => {
        const before = await postgres.rows();
        await postgres.sql("UPDATE entries SET amount = 0; INSERT INTO accounts VALUES (-2, 'stays')");
        const damaged = await postgres.rows();
        await restore("--table", "entries", "--no-safety-copy");
        const after = await postgres.rows();
        expect(after.entries).toBe(before.entries);
        expect(after.accounts, "other tables").toBe(damaged.accounts);
        await postgres.sql("INSERT INTO entries (account, amount) VALUES (1, 1)");
        await expect(postgres.sql("INSERT INTO entries (account, amount) VALUES (-99, 1)")).rejects.toThrow(
            /violates foreign key/,
        );
        await restore("--undo");
        expect(await postgres.rows()).toEqual(damaged);

        const { code, stderr } = await lab.backup(["restore", "postgres", "--table", "accounts", "--no-safety-copy"]);
        expect([code, stderr]).toEqual([4, expect.stringContaining("entries refer to it")]);
        expect(await postgres.rows()).toEqual(damaged);
        await postgres.sql("DELETE FROM accounts WHERE id = -2");
    });

    test("the whole server comes back, with a database that was dropped, and can be undone", async () => {
        const before = await postgres.rows();
        await lab.mustBackup(["run", "postgres"]);
        await postgres.sql("DROP DATABASE other");
        await postgres.sql("TRUNCATE entries");
        await restore("--no-safety-copy");
        expect((await postgres.sql("SELECT sum(n) FROM t", "other")).trim()).toBe("5050");
        expect(await postgres.rows()).toEqual(before);
        expect(await restore("--undo")).toContain("other did not exist before the restore");
        expect((await postgres.sql("SELECT count(*) FROM entries")).trim()).toBe("0");
        await restore("--no-safety-copy", "--database", postgres.database);
        expect(await postgres.rows()).toEqual(before);
    });

    test("what restores and undos have set aside is removed when that is asked for, and nothing else", async () => {
        const before = await postgres.rows();
        expect((await setAside()).length).toBeGreaterThan(1);
        const schemas = () => postgres.sql("SELECT nspname FROM pg_namespace WHERE nspname ~ '_(before|undone)_'");
        await restore("--table", "entries", "--no-safety-copy");
        expect((await schemas()).trim()).not.toBe("");
        const restored = await postgres.rows();
        expect(Object.keys(restored)).toEqual(Object.keys(before));
        await restore("--clear");
        expect(await setAside()).toEqual([]);
        expect((await schemas()).trim()).toBe("");
        expect(await postgres.rows()).toEqual(restored);
        expect((await lab.backup(["restore", "postgres", "--undo"])).stderr).toContain("no restore to undo");
    });

    test("a restore that is killed leaves the live database as it was, or the restored one that can be undone", async () => {
        await postgres.sql("TRUNCATE entries");
        const live = await postgres.rows();
        /** Kills a restore as soon as there is a database of this kind. */
        const killedAt = async (kind: "restoring" | "before") => {
            const there = await setAside();
            const name = lab.container(`killed-${kind}`);
            const run = detached("docker", [
                ...["run", "--rm", "--name", name, ...lab.toolboxArgs(), lab.toolbox],
                ...["restore", "postgres", "--no-safety-copy", "--database", postgres.database],
            ]);
            let isOver = false;
            const done = run.done.finally(() => (isOver = true));
            const isAt = async () =>
                isOver || (await setAside()).some((one) => one.includes(`_${kind}_`) && !there.includes(one));
            await waitFor(isAt, { what: `a database called …_${kind}_…`, seconds: 300, everyMs: 0 });
            await exec("docker", ["kill", "--signal", "KILL", name]);
            await done;
            const swapped = (await setAside()).filter((one) => one.includes("_before_") && !there.includes(one));
            // Nothing is heard of its lock's holder any more.
            await lab.shell("touch -d '-5 minutes' /var/lib/groundwork-backup/locks/*.lock || true");
            return swapped.length > 0;
        };
        // Once more where the swap was faster than the kill.
        while (await killedAt("restoring")) await restore("--undo");
        expect(await postgres.rows(), "while it was loaded").toEqual(live);
        await killedAt("before");
        expect((await postgres.sql("SELECT count(*) FROM entries")).trim()).not.toBe("0");
        expect(
            (await setAside()).filter((name) => name.includes("_restoring_")),
            "what the first one left",
        ).toEqual([]);
        await restore("--undo");
        expect(await postgres.rows()).toEqual(live);
    });
});
