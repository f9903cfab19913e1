/**
 * Reads what the sample app wrote, straight from the store: with the store's own client inside of its container. Of a store that an operator or
 * somebody else runs, with a process of its own inside of the backend's container, which is where the store can be reached from.
 */
import { secretPath } from "../../../../systems/addresses";
import type { Service, System } from "../../../../systems/types";
import { isExternal, STORE_PASSWORDS } from "../../../../systems/types";
import type { Runtime } from "../runtime/runtime";
import type { StackStatus } from "../runtime/status";
import { backendOf } from "./routes";

export interface StoreReader {
    /** For people, e.g. `postgres`. */
    store: string;
    /** The stored JSON text of an item. `id` holds letters, digits and hyphens alone. */
    read: (id: string) => Promise<string>;
}

interface Context {
    runtime: Runtime;
    system: System;
    status: StackStatus;
    timeoutMs: number;
}

/** The system's main store: Postgres, else SQLite. */
export function mainStore(context: Context): StoreReader | undefined {
    const { postgres, sqlite } = context.system.stores;
    if (postgres && (isExternal(postgres) || postgres.operator)) return outsideReader(context, "postgres", "item");
    if (postgres) {
        const sql = (id: string): string => `SELECT value FROM items WHERE id = '${id}'`;
        // The password stays inside of the container: it is read there, into one command's environment.
        const script = (id: string): string =>
            `PGPASSWORD="$(cat ${secretPath(STORE_PASSWORDS.postgres)})" exec psql -h 127.0.0.1 -U ${postgres.user} -d ${postgres.database} -tAc "${sql(id)}"`;
        return reader(context, "postgres", "postgres", script);
    }
    if (sqlite) {
        return reader(
            context,
            "sqlite",
            sqlite.service,
            (id) => `exec sqlite3 -readonly ${sqlite.path} "SELECT value FROM items WHERE id = '${id}'"`,
        );
    }
    return undefined;
}

export function cacheStore(context: Context): StoreReader | undefined {
    const { redis } = context.system.stores;
    if (!redis) return undefined;
    if (isExternal(redis)) return outsideReader(context, "redis", "cache");
    const script = (id: string): string =>
        `REDISCLI_AUTH="$(cat ${secretPath(STORE_PASSWORDS.redis)})" exec redis-cli --no-auth-warning GET cache:${id}`;
    return reader(context, "redis", "redis", script);
}

export function graphStore(context: Context): StoreReader | undefined {
    if (!context.system.stores.memgraph) return undefined;
    const script = (id: string): string =>
        `echo "MATCH (n:Item {id: '${id}'}) RETURN n.value;" | mgconsole --host 127.0.0.1 --output-format csv`;
    return reader(context, "memgraph", "memgraph", script);
}

/** @param what of the sample app's `read.cjs` */
function outsideReader(context: Context, store: string, what: "item" | "cache"): StoreReader | undefined {
    const backend: Service | undefined = backendOf(context.system);
    return backend && reader(context, store, backend.name, (id) => `exec node /app/read.cjs ${what} ${id}`);
}

function reader(context: Context, store: string, service: string, script: (id: string) => string): StoreReader {
    return {
        store,
        async read(id) {
            const replica = context.status.services.find((s) => s.service === service)?.replicas[0];
            if (!replica) throw new Error(`there is no replica of ${service}`);
            const command = ["sh", "-c", script(id)];
            const { exitCode, stdout, stderr } = await context.runtime.exec(
                service,
                replica,
                command,
                context.timeoutMs,
            );
            if (exitCode !== 0) throw new Error(`${store} cannot be read: ${stderr.trim() || stdout.trim()}`);
            return stdout.trim();
        },
    };
}
