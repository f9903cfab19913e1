import { statSync } from "node:fs";

import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";

import { type ItemStore, MIGRATIONS_TABLE, type MigrationSession, type SqlStore, STORE_TIMEOUT_MS } from "./types";

/** A migration may have to wait for another replica's. */
const MIGRATION_TIMEOUT_MS = 60_000;

export class SqliteStore implements SqlStore {
    readonly items: ItemStore;
    private readonly db: DatabaseSyncInstance;

    constructor(private readonly path: string) {
        this.db = open(path, STORE_TIMEOUT_MS);
        this.items = new SqliteItems(this.db);
    }

    check(): Promise<Record<string, unknown>> {
        return promise(() => {
            const [row] = this.db.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
            if (row?.quick_check !== "ok") throw new Error(`integrity check: ${row?.quick_check}`);
            return { size: statSync(this.path).size, integrityCheck: "ok" };
        });
    }

    appliedMigrations(): Promise<string[]> {
        return promise(() => applied(this.db));
    }

    async exclusively<T>(work: (db: MigrationSession) => Promise<T>): Promise<T> {
        // A connection of its own: its lock must not count for the requests of this process.
        const db = open(this.path, MIGRATION_TIMEOUT_MS);
        try {
            db.exec("BEGIN IMMEDIATE");
            try {
                db.exec(MIGRATIONS_TABLE);
                const result = await work(new SqliteSession(db));
                db.exec("COMMIT");
                return result;
            } catch (error) {
                db.exec("ROLLBACK");
                throw error;
            }
        } finally {
            db.close();
        }
    }

    close(): Promise<void> {
        return promise(() => this.db.close());
    }
}

function open(path: string, timeout: number): DatabaseSyncInstance {
    const db = new DatabaseSync(path, { timeout });
    // FULL: with a write-ahead log, NORMAL may lose the last commits when the power fails.
    db.exec(`PRAGMA busy_timeout = ${timeout}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`);
    return db;
}

function applied(db: DatabaseSyncInstance): string[] {
    const [table] = db.prepare("SELECT name FROM sqlite_master WHERE name = 'schema_migrations'").all();
    if (!table) return [];
    const rows = db.prepare("SELECT version FROM schema_migrations ORDER BY version").all() as { version: string }[];
    return rows.map((row) => row.version);
}

/** One transaction around the whole run: SQLite's changes of schema can be rolled back. */
class SqliteSession implements MigrationSession {
    constructor(private readonly db: DatabaseSyncInstance) {}

    applied(): Promise<string[]> {
        return promise(() => applied(this.db));
    }

    apply(version: string, sql: string): Promise<void> {
        return promise(() => {
            this.db.exec(sql);
            this.db.prepare("INSERT INTO schema_migrations (version) VALUES (?)").run(version);
        });
    }

    revert(version: string, sql: string): Promise<void> {
        return promise(() => {
            this.db.exec(sql);
            this.db.prepare("DELETE FROM schema_migrations WHERE version = ?").run(version);
        });
    }

    run(sql: string): Promise<void> {
        return promise(() => this.db.exec(sql));
    }
}

class SqliteItems implements ItemStore {
    constructor(private readonly db: DatabaseSyncInstance) {}

    put(id: string, value: unknown): Promise<void> {
        return promise(() => {
            this.db
                .prepare(
                    "INSERT INTO items (id, value) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
                )
                .run(id, JSON.stringify(value));
        });
    }

    get(id: string): Promise<unknown> {
        return promise(() => {
            const row = this.db.prepare("SELECT value FROM items WHERE id = ?").get(id) as
                { value: string } | undefined;
            return row && (JSON.parse(row.value) as unknown);
        });
    }

    count(): Promise<number> {
        return promise(() => {
            const row = this.db.prepare("SELECT count(*) AS count FROM items").get() as { count: number };
            return row.count;
        });
    }
}

/** SQLite's calls block; what they throw still has to come as a rejection. */
function promise<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => resolve(work()));
}
