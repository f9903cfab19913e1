/** The stores of a configuration, and the driver of each. */
import type { BackupConfig } from "../config";
import type { StoreConfig } from "../config.stores";
import { BackupError, EXIT } from "../errors";
import type { Driver } from "./driver";
import { FilesDriver } from "./files";
import { MemgraphDriver } from "./memgraph";
import { PostgresDriver } from "./postgres";
import { streamLog } from "./postgres/wal";
import { RedisDriver } from "./redis";
import { SqliteDriver } from "./sqlite";

/** @throws BackupError that names the stores that there are */
export function storeOf(config: BackupConfig, name: string): StoreConfig {
    const store = config.stores[name];
    if (store) return store;
    throw new BackupError(`${config.stack} has no store ${name}`, {
        exit: EXIT.configuration,
        remedy: `It has ${Object.keys(config.stores).sort().join(", ")}.`,
    });
}

export function driverOf(config: BackupConfig, name: string): Driver {
    const store = storeOf(config, name);
    switch (store.driver) {
        case "postgres":
            return new PostgresDriver(name, store, config);
        case "redis":
            return new RedisDriver(name, store);
        case "sqlite":
            return new SqliteDriver(name, store);
        case "memgraph":
            return new MemgraphDriver(name, store);
        case "files":
            return new FilesDriver(name, store);
    }
}

/** One for each store whose write-ahead log is to be shipped. */
export function logStreams(config: BackupConfig): ((signal: AbortSignal) => Promise<void>)[] {
    return Object.entries(config.stores).flatMap(([name, store]) =>
        store.driver === "postgres" && store.wal
            ? [(signal: AbortSignal) => streamLog(config, name, store, signal)]
            : [],
    );
}
