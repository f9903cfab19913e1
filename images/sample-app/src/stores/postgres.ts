import { readFileSync } from "node:fs";

import pg from "pg";

import type { Logger } from "../observe/log";
import { type ItemStore, MIGRATIONS_TABLE, type MigrationSession, type SqlStore, STORE_TIMEOUT_MS } from "./types";

/** Any number that no other program takes for its own advisory lock. */
const MIGRATION_LOCK = 7_202_411_021;

/** `42P01`: the table is not there, which is the case before the first migration. */
const UNDEFINED_TABLE = "42P01";

interface PostgresOptions {
    /** May say `sslmode`; see `tlsOf`. */
    connectionString: string;
    /** Encrypt where the connection string does not say. */
    ssl: boolean;
    /** Most connections. */
    poolSize: number;
    logger: Logger;
}

/**
 * TLS as libpq would do it: `require` encrypts and asks for no known certificate, `verify-full` for one of this very host, vouched for by one in
 * the file `sslrootcert`. The driver verifies with both, so that these are read here and kept from it.
 */
export function tlsOf(address: string, ssl: boolean): Required<Pick<pg.PoolConfig, "connectionString" | "ssl">> {
    const url = new URL(address);
    const mode = url.searchParams.get("sslmode") ?? (ssl ? "require" : "disable");
    const file = url.searchParams.get("sslrootcert");
    url.searchParams.delete("sslmode");
    url.searchParams.delete("sslrootcert");
    const verified = mode === "verify-full";
    const ca = verified && file !== null ? { ca: readFileSync(file, "utf8") } : {};
    return { connectionString: url.href, ssl: mode !== "disable" && { rejectUnauthorized: verified, ...ca } };
}

export class PostgresStore implements SqlStore {
    readonly items: ItemStore;
    readonly pool: pg.Pool;

    constructor(options: PostgresOptions) {
        this.pool = new pg.Pool({
            ...tlsOf(options.connectionString, options.ssl),
            max: options.poolSize,
            connectionTimeoutMillis: STORE_TIMEOUT_MS,
            idleTimeoutMillis: 30_000,
            keepAlive: true,
        });
        // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
        this.pool.on("error", (error) => options.logger.warn({ error }, "lost an idle connection to Postgres"));
        this.items = new PostgresItems(this.pool);
    }

    async check(): Promise<Record<string, unknown>> {
        const start = performance.now();
        const text = "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        const query = { text, query_timeout: STORE_TIMEOUT_MS } as pg.QueryConfig;
        const { rows } = await this.pool.query<{ ssl: boolean; version: string | null }>(query);
        const [connection] = rows;
        return {
            latencyMs: Math.round((performance.now() - start) * 10) / 10,
            encrypted: connection?.ssl ?? false,
            ...(connection?.version && { tlsVersion: connection.version }),
        };
    }

    async appliedMigrations(): Promise<string[]> {
        return applied(this.pool);
    }

    async exclusively<T>(work: (db: MigrationSession) => Promise<T>): Promise<T> {
        const client = await this.pool.connect();
        try {
            // Held by the connection: a runner that dies lets go of it.
            await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
            await client.query(MIGRATIONS_TABLE);
            return await work(new PostgresSession(client));
        } finally {
            client.release(true);
        }
    }

    async close(): Promise<void> {
        await this.pool.end();
    }
}

async function applied(client: pg.Pool | pg.PoolClient): Promise<string[]> {
    try {
        const result = await client.query<{ version: string }>(
            "SELECT version FROM schema_migrations ORDER BY version",
        );
        return result.rows.map((row) => row.version);
    } catch (error) {
        if ((error as pg.DatabaseError).code === UNDEFINED_TABLE) return [];
        throw error;
    }
}

class PostgresSession implements MigrationSession {
    constructor(private readonly client: pg.PoolClient) {}

    applied(): Promise<string[]> {
        return applied(this.client);
    }

    apply(version: string, sql: string): Promise<void> {
        return this.transaction(sql, "INSERT INTO schema_migrations (version) VALUES ($1)", [version]);
    }

    revert(version: string, sql: string): Promise<void> {
        return this.transaction(sql, "DELETE FROM schema_migrations WHERE version = $1", [version]);
    }

    async run(sql: string): Promise<void> {
        await this.client.query(sql);
    }

    private async transaction(sql: string, record: string, values: string[]): Promise<void> {
        await this.client.query("BEGIN");
        try {
            await this.client.query(sql);
            await this.client.query(record, values);
            await this.client.query("COMMIT");
        } catch (error) {
            await this.client.query("ROLLBACK");
            throw error;
        }
    }
}

class PostgresItems implements ItemStore {
    constructor(private readonly pool: pg.Pool) {}

    async put(id: string, value: unknown): Promise<void> {
        // Acknowledged means on disk, whatever the server's default is.
        const client = await this.pool.connect();
        try {
            await client.query("BEGIN");
            await client.query("SET LOCAL synchronous_commit = on");
            await client.query(
                "INSERT INTO items (id, value) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
                [id, JSON.stringify(value)],
            );
            await client.query("COMMIT");
            client.release();
        } catch (error) {
            // Its state is not known, so it is not used again.
            client.release(true);
            throw error;
        }
    }

    async get(id: string): Promise<unknown> {
        const result = await this.pool.query<{ value: string }>("SELECT value FROM items WHERE id = $1", [id]);
        const row = result.rows[0];
        return row && (JSON.parse(row.value) as unknown);
    }

    async count(): Promise<number> {
        const result = await this.pool.query<{ count: string }>("SELECT count(*) AS count FROM items");
        return Number(result.rows[0]!.count);
    }
}
