/** A restore beside the live database, without stopping anything: made, proven, and only then renamed into its place. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Client } from "pg";

import { BackupError, EXIT } from "../../errors";
import { log } from "../../log";
import { compareContents, type Contents } from "../../manifest";
import { run } from "../../process";
import type { Restored } from "../driver";
import { identifier, libpq, majorOf, withClient, type Server } from "./connect";
import { contentsOf, contentsWithin } from "./contents";
import {
    besideName,
    createDatabase,
    createMissingRoles,
    databaseExists,
    dropUnfinished,
    loadDump,
    propertiesOf,
    scriptFor,
    swapDatabases,
    withMaintenance,
    type Dump,
} from "./databases";
import type { DatabaseShape } from "./logical";

/** A database on its way back: from a backup's dump, or dumped from a server recovered to a point in time. */
export interface Incoming {
    database: string;
    dump: Dump;
    shape: DatabaseShape;
    globals: string;
    /** What it must hold. */
    contents: Contents;
}

interface Options {
    server: Server;
    signal: AbortSignal;
    scratch: string;
    /** Told what an undo needs, before anything live is replaced. */
    intend: (data: Restored["data"]) => void;
}

const failure = { exit: EXIT.store, remedy: "The live data is untouched; read what the program says above." };

/** Makes and proves a database of another name, which nobody uses yet. */
async function stage(incoming: Incoming, name: string, { server, signal }: Options, list?: string): Promise<void> {
    await withMaintenance(server, incoming.database, async (client) => {
        for (const left of await dropUnfinished(client, incoming.database))
            log.warn({ database: left }, "dropped what an interrupted restore left");
        if (await databaseExists(client, name)) {
            throw new BackupError(`there is a database ${name} already`, {
                exit: EXIT.store,
                remedy: "Restore --into a name that is free.",
            });
        }
        const roles = await createMissingRoles(client, incoming.globals);
        if (roles.length > 0) log.info({ roles }, "made roles that the server did not have");
        await createDatabase(client, name, incoming.shape);
    });
    await loadDump(server, name, incoming.dump, { signal, list }).catch(async (error: unknown) => {
        // Half of it must not be taken for all of it. Where the server is gone too, what went wrong first says more.
        await discard(server, name).catch((also: unknown) => log.warn({ database: name, err: also }, "left half full"));
        throw error;
    });
}

function discard(server: Server, name: string): Promise<unknown> {
    return withMaintenance(server, name, (client) => client.query(`DROP DATABASE ${identifier(name)} WITH (FORCE)`));
}

async function prove(incoming: Incoming, name: string, { server }: Options, table?: string): Promise<void> {
    const expected = contentsWithin(incoming.contents, incoming.database, table);
    const found = await withClient(server, name, (client) => contentsOf(client, incoming.database));
    const differences = compareContents(expected, contentsWithin(found, incoming.database, table));
    if (differences.length === 0) return;
    await discard(server, name);
    throw new BackupError([`what was restored is not what was backed up:`, ...differences].join("\n    "), {
        exit: EXIT.verification,
        remedy: "The live database is untouched. Restore an older backup (backup list).",
    });
}

/** Restores beside, under `into`, and leaves it there. */
export async function restoreInto(incoming: Incoming, into: string, options: Options): Promise<Restored> {
    await stage(incoming, into, options);
    await prove(incoming, into, options);
    return {
        state: "beside",
        summary: [`${incoming.database} is restored as ${into}, proven; the live one is as it was`],
        data: {},
    };
}

/** Restores beside, proves, and renames; what was live is set aside and kept, and an undo renames back. */
export async function restoreDatabase(incoming: Incoming, options: Options): Promise<Restored> {
    const { database } = incoming;
    const [name, aside] = [besideName(database, "restoring", new Date()), besideName(database, "before", new Date())];
    await stage(incoming, name, options);
    await prove(incoming, name, options);
    const properties = await propertiesOf(incoming.dump.path, options.scratch);
    const existed = await withMaintenance(options.server, database, (client) => databaseExists(client, database));
    const data: Restored["data"] = existed ? { database, aside } : { database };
    options.intend(data);
    await swapDatabases(options.server, { live: database, incoming: name, aside, properties });
    return {
        state: "swapped",
        summary: [
            `${database} is the restored one, proven`,
            ...(existed ? [`what was there before is ${aside}; undo: backup restore --undo`] : []),
        ],
        data,
    };
}

export async function undoDatabase(server: Server, data: Record<string, string>): Promise<string[]> {
    const { database, aside } = data as { database: string; aside?: string };
    if (aside === undefined) return [`${database} did not exist before the restore: drop it, if you do not want it`];
    // Interrupted before its swap, or an undo after its own.
    if (!(await withMaintenance(server, database, (client) => databaseExists(client, aside))))
        return [`${database} is what it was before the restore`];
    const undone = besideName(database, "undone", new Date());
    await swapDatabases(server, { live: database, incoming: aside, aside: undone });
    return [`${database} is what it was before the restore; what had been restored is ${undone}`];
}

/**
 * One table back into the live database: loaded into a database of its own, proven there, and carried over in one transaction. A table of
 * that name is moved to a schema beside it, with its indexes, and kept.
 */
export async function restoreTable(incoming: Incoming, table: string, options: Options): Promise<Restored> {
    const { server, scratch, signal } = options;
    const { database } = incoming;
    const qualified = table.includes(".") ? table : `public.${table}`;
    if (Object.keys(contentsWithin(incoming.contents, database, qualified)).length === 0) {
        throw new BackupError(`the backup has no table ${qualified} in ${database}`, {
            exit: EXIT.store,
            remedy: "Name it as schema.table; `backup list --json` shows what there is.",
        });
    }
    // What of it is wanted is told by the whole of it.
    const dump = incoming.dump.path;
    await incoming.dump.arrive?.();
    const [schema, name] = [qualified.slice(0, qualified.indexOf(".")), qualified.slice(qualified.indexOf(".") + 1)];
    const staging = besideName(database, "restoring", new Date());
    const aside = besideName(schema, "before", new Date());
    const list = await listOf(dump, schema, name, scratch);
    await stage({ ...incoming, dump: { path: dump } }, staging, options, list);
    await prove(incoming, staging, options, qualified);
    const exists = await withClient(server, database, async (client) => {
        const found = await tableExists(client, schema, name);
        if (found) await refuseReferenced(client, schema, name);
        return found;
    });
    const sql = join(scratch, "table.sql");
    await run("pg_dump", [`--table=${identifier(schema)}.${identifier(name)}`, `--file=${sql}`], failure, {
        env: libpq(server, staging),
        signal,
    });
    const before = join(scratch, "before.sql");
    const target = `${identifier(schema)}.${identifier(name)}`;
    writeFileSync(
        before,
        exists
            ? `CREATE SCHEMA ${identifier(aside)};\nALTER TABLE ${target} SET SCHEMA ${identifier(aside)};\n`
            : `CREATE SCHEMA IF NOT EXISTS ${identifier(schema)};\n`,
    );
    const major = await withClient(server, database, majorOf);
    const scripts = [sql, await foreignKeysOf(dump, schema, name, scratch)];
    for (const file of scripts) writeFileSync(file, scriptFor(major, readFileSync(file, "utf8")));
    const files = [before, ...scripts].map((file) => `--file=${file}`);
    const data = { database, schema, table: name, ...(exists ? { aside } : {}) };
    options.intend(data);
    await run("psql", ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", ...files], failure, {
        env: libpq(server, database),
        signal,
    });
    await discard(server, staging);
    return {
        state: "swapped",
        summary: [
            `${qualified} of ${database} is the restored one, proven`,
            ...(exists ? [`what was there before is ${aside}.${name}`] : []),
        ],
        data,
    };
}

export async function undoTable(server: Server, data: Record<string, string>): Promise<string[]> {
    const { database, schema, table, aside } = data as {
        database: string;
        schema: string;
        table: string;
        aside?: string;
    };
    const undone = besideName(schema, "undone", new Date());
    await withClient(server, database, async (client) => {
        // Interrupted before its transaction was committed, or an undo after its own.
        if (!(await tableExists(client, aside ?? schema, table))) return;
        await client.query("BEGIN");
        await client.query(`CREATE SCHEMA ${identifier(undone)}`);
        await client.query(`ALTER TABLE ${identifier(schema)}.${identifier(table)} SET SCHEMA ${identifier(undone)}`);
        if (aside)
            await client.query(
                `ALTER TABLE ${identifier(aside)}.${identifier(table)} SET SCHEMA ${identifier(schema)}`,
            );
        if (aside) await client.query(`DROP SCHEMA ${identifier(aside)}`);
        await client.query("COMMIT");
    });
    return [`${schema}.${table} is what it was before the restore; what had been restored is ${undone}.${table}`];
}

async function tableExists(client: Client, schema: string, table: string): Promise<boolean> {
    const { rows } = await client.query<{ found: boolean }>("SELECT to_regclass($1) IS NOT NULL AS found", [
        `${identifier(schema)}.${identifier(table)}`,
    ]);
    return rows[0]!.found;
}

/** Everything of the dump but the rows of other tables: structure is small, and pg_dump later finds what belongs to the table. */
async function listOf(dump: string, schema: string, table: string, scratch: string): Promise<string> {
    const { stdout } = await run("pg_restore", ["--list", dump], failure);
    const wanted = stdout.split("\n").filter((line) => {
        if (/ (MATERIALIZED VIEW DATA|FK CONSTRAINT) /.test(line)) return false;
        return !/ TABLE DATA /.test(line) || line.includes(` TABLE DATA ${schema} ${table} `);
    });
    const file = join(scratch, "table.list");
    writeFileSync(file, wanted.join("\n"));
    return file;
}

/** The table's own references to others, which the loading above leaves out because those are empty there. */
async function foreignKeysOf(dump: string, schema: string, table: string, scratch: string): Promise<string> {
    const { stdout } = await run("pg_restore", ["--list", dump], failure);
    const [list, sql] = [join(scratch, "references.list"), join(scratch, "references.sql")];
    writeFileSync(
        list,
        stdout
            .split("\n")
            .filter((line) => line.includes(` FK CONSTRAINT ${schema} ${table} `))
            .join("\n"),
    );
    await run("pg_restore", [`--use-list=${list}`, `--file=${sql}`, dump], failure);
    return sql;
}

/** A constraint or a view names a table by its number, and would go on to name the one that was moved aside. */
async function refuseReferenced(client: Client, schema: string, table: string): Promise<void> {
    const { rows } = await client.query<{ name: string }>(
        `SELECT conrelid::regclass::text AS name FROM pg_constraint
         WHERE contype = 'f' AND confrelid = to_regclass($1) AND conrelid <> confrelid
         UNION SELECT v.oid::regclass::text FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
         WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = to_regclass($1) AND v.oid <> d.refobjid`,
        [`${identifier(schema)}.${identifier(table)}`],
    );
    if (rows.length === 0) return;
    const names = rows.map(({ name }) => name).join(", ");
    throw new BackupError(`${schema}.${table} cannot be replaced: ${names} refer to it`, {
        exit: EXIT.store,
        remedy: `Restore the whole database beside (--database … --into …) and copy the rows over, or restore the database.`,
    });
}
