/** What each store of a system is to the toolbox: how it is reached, what of it is mounted, and which secrets that takes. */
import { posix } from "node:path";

import { POSTGRES_PORT, REDIS_PORT, secretPath } from "../../systems/addresses";
import { POSTGRES_CA, POSTGRES_CA_PATH } from "../../systems/external";
import { postgresHost } from "../../systems/operated";
import { type Backup, isExternal, STORE_PASSWORDS, type System } from "../../systems/types";
import { PGDATA_FOLDER } from "../postgres/postgres";
import type { SecretText } from "../secret-text";
import type { FileSpec, MountSpec, VolumeHandle } from "../spec";
import { STACK_DIRECTORY, STORES_DIRECTORY } from "./layout";
import { shipsLog } from "./plan";

export interface BackedUpStore {
    /** The toolbox's settings of it: `storeSchema` of packages/backup, without schedules and retention. */
    settings: Record<string, unknown>;
    mounts: MountSpec[];
    files: FileSpec[];
}

export interface StoreParts {
    system: System;
    /** Texts of secrets, by their names. */
    secrets: Record<string, SecretText>;
    /** What holds the data of a store, by the store's name, or by its own. */
    volume: (name: string) => VolumeHandle;
    /** The stack's configuration, as it is kept with the backups. */
    stack: FileSpec[];
}

export function backedUpStore({ store }: Backup, parts: StoreParts): BackedUpStore {
    const { stores } = parts.system;
    switch (store) {
        case "postgres":
            return postgres(stores.postgres!, parts);
        case "redis":
            return {
                settings: {
                    driver: "redis",
                    host: "redis",
                    port: REDIS_PORT,
                    dataDirectory: pathOf(store),
                    passwordFile: secretPath(STORE_PASSWORDS.redis),
                },
                mounts: [mount(store, parts, "read")],
                files: [password("redis", parts)],
            };
        case "memgraph":
            return {
                settings: {
                    driver: "memgraph",
                    host: "memgraph",
                    port: stores.memgraph!.boltPort,
                    dataDirectory: pathOf(store),
                },
                mounts: [mount(store, parts, "read")],
                files: [],
            };
        case "sqlite":
            return {
                settings: { driver: "sqlite", file: posix.join(pathOf(store), pathOnVolume(parts.system)) },
                // In WAL mode nobody reads it who cannot write to its index.
                mounts: [mount(store, parts, "write")],
                files: [],
            };
        case "config":
            return { settings: { driver: "files", directory: STACK_DIRECTORY }, mounts: [], files: parts.stack };
        default:
            return {
                settings: { driver: "files", directory: pathOf(store) },
                mounts: [mount(store, parts, "read")],
                files: [],
            };
    }
}

/** As files and with its log where its volume is the stack's, else as statements. */
function postgres(store: NonNullable<System["stores"]["postgres"]>, parts: StoreParts): BackedUpStore {
    const { user, database, tls } = store;
    const verified = tls === "verify-full";
    const ours = shipsLog({ store: "postgres" }, parts.system);
    const { host, port } = isExternal(store) ? store.external : { host: postgresHost(store), port: POSTGRES_PORT };
    return {
        settings: {
            driver: "postgres",
            host,
            port,
            user,
            database,
            sslMode: tls ?? "disable",
            ...(verified && { caFile: POSTGRES_CA_PATH }),
            passwordFile: secretPath(STORE_PASSWORDS.postgres),
            ...(ours && { dataDirectory: `${pathOf("postgres")}/${PGDATA_FOLDER}`, wal: {} }),
        },
        mounts: ours ? [mount("postgres", parts, "read")] : [],
        files: [
            password("postgres", parts),
            ...(verified ? [{ path: POSTGRES_CA_PATH, content: parts.secrets[POSTGRES_CA]!, secret: true }] : []),
        ],
    };
}

/** Path of the SQLite database on its volume. */
function pathOnVolume({ stores, services }: System): string {
    const { service, volume, path } = stores.sqlite!;
    const mounts = services.find(({ name }) => name === service)?.mounts ?? [];
    return posix.relative(mounts.find((each) => each.volume === volume)!.path, path);
}

function pathOf(store: string): string {
    return `${STORES_DIRECTORY}/${store}`;
}

function mount(store: string, { system, volume }: StoreParts, access: "read" | "write"): MountSpec {
    // SQLite has no server: its volume is a service's.
    const holder = store === "sqlite" ? system.stores.sqlite!.volume : store;
    const server = ["postgres", "redis", "memgraph"].includes(store);
    return {
        volume: volume(holder),
        path: pathOf(store),
        readOnly: access === "read",
        ...(server && { beside: store }),
    };
}

function password(store: keyof typeof STORE_PASSWORDS, { secrets }: StoreParts): FileSpec {
    const name = STORE_PASSWORDS[store];
    return { path: secretPath(name), content: secrets[name]!, secret: true };
}
