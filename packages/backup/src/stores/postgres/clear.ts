/** What restores of databases and tables set aside, removed: databases and schemas whose names say so. */
import { identifier, withClient, type Server } from "./connect";
import { asidePattern, withMaintenance } from "./databases";

/** Removes what every restore of this database set aside, and every undo. */
export async function clearDatabase(server: Server, { database }: Record<string, string>): Promise<void> {
    await withMaintenance(server, database!, async (client) => {
        const { rows } = await client.query<{ name: string }>("SELECT datname AS name FROM pg_database");
        for (const { name } of rows.filter((row) => asidePattern(database!).test(row.name)))
            await client.query(`DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`);
    });
}

/**
 * Removes what every restore of this table set aside, and every undo. What refers to one that is aside keeps it there, which is an error.
 */
export async function clearTable(server: Server, data: Record<string, string>): Promise<void> {
    const { database, schema, table } = data as { database: string; schema: string; table: string };
    await withClient(server, database, async (client) => {
        const { rows } = await client.query<{ schema: string }>(
            "SELECT schemaname AS schema FROM pg_tables WHERE tablename = $1",
            [table],
        );
        for (const aside of rows.filter((row) => asidePattern(schema).test(row.schema)).map((row) => row.schema)) {
            await client.query("BEGIN");
            await client.query(`DROP TABLE ${identifier(aside)}.${identifier(table)}`);
            await client.query(`DROP SCHEMA ${identifier(aside)}`);
            await client.query("COMMIT");
        }
    });
}
