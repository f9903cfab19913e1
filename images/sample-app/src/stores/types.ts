/** What health checks and routes need of a store. */
export interface Store {
    /** Asks the store something over its real connection. @throws when it does not answer. */
    check(): Promise<Record<string, unknown>>;
    close(): Promise<void>;
}

/** Where a system keeps its records. `put` returns only after they are durable. */
export interface ItemStore {
    put(id: string, value: unknown): Promise<void>;
    get(id: string): Promise<unknown>;
    count(): Promise<number>;
}

/** A store whose schema migrations change. */
export interface SqlStore extends Store {
    readonly items: ItemStore;
    /** Versions of the migrations that were applied, oldest first; none before the first run. */
    appliedMigrations(): Promise<string[]>;
    /** Runs `work` alone: a second caller, in any process, waits until it is done. */
    exclusively<T>(work: (db: MigrationSession) => Promise<T>): Promise<T>;
}

/** The connection that migrations run on. */
export interface MigrationSession {
    applied(): Promise<string[]>;
    /** Runs the statements and the change of the record of versions as one transaction. */
    apply(version: string, sql: string): Promise<void>;
    revert(version: string, sql: string): Promise<void>;
    run(sql: string): Promise<void>;
}

/** A request waits no longer than this for a store, in milliseconds. */
export const STORE_TIMEOUT_MS = 3000;

export const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations (
    version TEXT PRIMARY KEY,
    applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
)`;
