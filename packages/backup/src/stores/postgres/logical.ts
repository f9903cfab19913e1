/** Logical backups: each database by pg_dump within one snapshot, in which its rows are counted too. */
import { randomUUID } from "node:crypto";

import type { Client } from "pg";

import type { PostgresConfig } from "../../config.stores";
import type { Contents } from "../../manifest";
import type { Captured, Sink } from "../driver";
import { checkVersions, libpq, stackServer, withClient, type Server } from "./connect";
import { contentsOf, writeCanary } from "./contents";

export const GLOBALS = "globals.sql";

/** A database's name may hold what a file's may not. */
export function dumpName(database: string): string {
    return `database.${encodeURIComponent(database)}.dump`;
}

/** What `CREATE DATABASE` needs to make it anew. */
export interface DatabaseShape {
    encoding: string;
    collate: string;
    ctype: string;
    owner: string;
    /** ICU's locale, where ICU is the provider. */
    icuLocale?: string;
}

export const shapeKey = (database: string) => `shape.${database}`;

export async function captureLogical(config: PostgresConfig, sink: Sink): Promise<Captured> {
    const server = stackServer(config);
    const canary = randomUUID();
    const { versions, databases, pointAt } = await withClient(server, config.database, async (client) => {
        const found = await checkVersions(client);
        await writeCanary(client, canary);
        const { rows } = await client.query<{ now: Date }>("SELECT now()");
        return { versions: found, databases: await listDatabases(client), pointAt: rows[0]!.now };
    });
    const contents: Contents = {};
    const details: Record<string, string> = {};
    for (const database of databases) {
        const one = await captureDatabase(server, database, sink);
        Object.assign(contents, one.contents);
        details[shapeKey(database)] = JSON.stringify(one.shape);
    }
    await sink.stream(GLOBALS, ["pg_dumpall", "--globals-only", "--no-tablespaces"], libpq(server, config.database));
    return { pointAt, versions: { server: versions.server, pg_dump: versions.client }, contents, canary, details };
}

async function listDatabases(client: Client): Promise<string[]> {
    // What a restore has set aside is a copy of its own, and is not copied with every backup.
    const { rows } = await client.query<{ name: string }>(
        `SELECT datname AS name FROM pg_database WHERE datallowconn AND NOT datistemplate
         AND datname !~ '_(restoring|before|undone)_[0-9]{14}$' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
}

async function captureDatabase(
    server: Server,
    database: string,
    sink: Sink,
): Promise<{ contents: Contents; shape: DatabaseShape }> {
    return withClient(server, database, async (client) => {
        await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        const { rows } = await client.query<{ snapshot: string }>("SELECT pg_export_snapshot() AS snapshot");
        const command = [
            "pg_dump",
            // Neither compressed nor encrypted, so that what has not changed is found again in the repository, which does both.
            ...["--format=custom", "--compress=none", "--lock-wait-timeout=60s"],
            `--snapshot=${rows[0]!.snapshot}`,
        ];
        const [contents] = await Promise.all([
            contentsOf(client, database),
            sink.stream(dumpName(database), command, libpq(server, database)),
        ]);
        const shape = await shapeOf(client, database);
        await client.query("COMMIT");
        return { contents, shape };
    });
}

export async function shapeOf(client: Client, database: string): Promise<DatabaseShape> {
    const { rows } = await client.query<{ row: Record<string, string>; encoding: string; owner: string }>(
        `SELECT to_jsonb(d) AS row, pg_encoding_to_char(d.encoding) AS encoding, pg_get_userbyid(d.datdba) AS owner
         FROM pg_database d WHERE datname = $1`,
        [database],
    );
    const { row, encoding, owner } = rows[0]!;
    // `daticulocale` up to 16.
    const icuLocale = row.datlocprovider === "i" ? (row.datlocale ?? row.daticulocale) : undefined;
    return { encoding, owner, collate: row.datcollate!, ctype: row.datctype!, icuLocale };
}
