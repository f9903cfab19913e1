/** Variables and parts that several systems have in common. */
import { integer, logLevel, oneOf, postgresUrl, url } from "../config/rules";
import type { Settings, Variable } from "../config/settings";
import { MIGRATIONS } from "../migrate/migrations";
import { pendingMigrations } from "../migrate/run";
import type { Logger } from "../observe/log";
import { PostgresStore } from "../stores/postgres";
import { RedisStore } from "../stores/redis";
import type { SqlStore } from "../stores/types";

/** Both OpsHub and, for its alert at 80 of 100 connections with four replicas, DEBT-OS: 20. */
const POOL_SIZE = 20;

export function commonVariables(port: number): Variable[] {
    return [
        { name: "NODE_ENV", default: "development", rule: oneOf("development", "test", "staging", "production") },
        { name: "PORT", default: String(port), rule: integer(0, 65535) },
        { name: "LOG_LEVEL", default: "info", rule: logLevel },
        { name: "SHUTDOWN_GRACE_SECONDS", default: "20", rule: integer(0, 3600) },
    ];
}

export const DATABASE_URL: Variable = {
    name: "DATABASE_URL",
    required: true,
    rule: postgresUrl,
    secret: true,
};

export const REDIS_URL: Variable = { name: "REDIS_URL", required: true, rule: url("redis", "rediss"), secret: true };

/** A credential that an outsider issues: its shape is not ours to know. */
export function credential(name: string, required = true): Variable {
    return { name, required, secret: true };
}

export function postgres(connectionString: string, ssl: boolean, logger: Logger): PostgresStore {
    return new PostgresStore({ connectionString, ssl, poolSize: POOL_SIZE, logger });
}

export function databaseFromUrl(settings: Settings, logger: Logger): PostgresStore {
    return postgres(settings.text("DATABASE_URL"), false, logger);
}

export function cacheFromUrl(settings: Settings, logger: Logger): RedisStore {
    return new RedisStore(settings.text("REDIS_URL"), logger);
}

/** A check of a database that also fails while its schema is behind the program. */
export function migrated(store: SqlStore, system: string): { check(): Promise<Record<string, unknown>> } {
    return {
        async check() {
            const details = await store.check();
            const pending = await pendingMigrations(store, MIGRATIONS[system] ?? []);
            if (pending.length > 0) throw new Error(`migrations are pending: ${pending.join(", ")}`);
            return { ...details, migrations: "applied" };
        },
    };
}
