/** What a database holds: rows by table, and a checksum over them that does not depend on their order. */
import type { Client } from "pg";

import type { Contents } from "../../manifest";
import { identifier } from "./connect";

/** The schema that the canary is in. Its table is counted like any other. */
const CANARY_SCHEMA = "groundwork_backup";

/** Tables that a dump has rows of: not those that an extension brings along, and not those of the system. */
const TABLES = `
    SELECT n.nspname AS schema, c.relname AS table
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence IN ('p', 'u')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, 2`;

/** How values are written, so that equal rows have equal texts whatever the server's own settings are. */
const SETTINGS = `
    SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';
    SET extra_float_digits = 1; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0`;

/** Counts within the client's transaction, so that it may see what a dump sees. */
export async function contentsOf(client: Client, database: string): Promise<Contents> {
    const contents: Contents = {};
    await client.query(SETTINGS);
    const { rows } = await client.query<{ schema: string; table: string }>(TABLES);
    for (const { schema, table } of rows) {
        const { rows: counted } = await client.query<{ count: string; checksum: string }>(
            // The sum of the rows' hashes: the same in any order, and a row that is there twice counts twice.
            `SELECT count(*) AS count, coalesce(sum(hashtextextended(t::text, 0)), 0) AS checksum
             FROM ONLY ${identifier(schema)}.${identifier(table)} t`,
        );
        contents[`${database}.${schema}.${table}`] = {
            count: Number(counted[0]!.count),
            checksum: counted[0]!.checksum,
        };
    }
    return contents;
}

/** The part of `contents` that is of one database, or one table (`schema.table`) of it. */
export function contentsWithin(contents: Contents, database: string, table?: string): Contents {
    const prefix = `${database}.${table ?? ""}`;
    return Object.fromEntries(
        Object.entries(contents).filter(([name]) => (table === undefined ? name.startsWith(prefix) : name === prefix)),
    );
}

/** Writes a row that must be in the backup. */
export async function writeCanary(client: Client, value: string): Promise<void> {
    const schema = identifier(CANARY_SCHEMA);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(
        `CREATE TABLE IF NOT EXISTS ${schema}.canary (value text PRIMARY KEY, written timestamptz NOT NULL DEFAULT now())`,
    );
    await client.query(`DELETE FROM ${schema}.canary WHERE written < now() - interval '2 days'`);
    await client.query(`INSERT INTO ${schema}.canary (value) VALUES ($1)`, [value]);
}

export async function hasCanary(client: Client, value: string): Promise<boolean> {
    const { rows: found } = await client.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [
        `${CANARY_SCHEMA}.canary`,
    ]);
    if (!found[0]!.there) return false;
    const { rows } = await client.query(`SELECT FROM ${identifier(CANARY_SCHEMA)}.canary WHERE value = $1`, [value]);
    return rows.length === 1;
}
