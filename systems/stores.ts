/** The stores of a system: each a container of its own, except SQLite. Part of `types.ts`. */
import type { Endpoint, ExternalRedis } from "./external";
import type { Environment, PerEnvironment, Probe, Resources, ScalingRange } from "./types";

export interface Stores {
    postgres?: PostgresStore;
    redis?: RedisStore;
    memgraph?: MemgraphStore;
    sqlite?: SqliteStore;
}

/** The secret that holds the password of a store, by the store's name as in `{password:…}`. Memgraph runs without one. */
export const STORE_PASSWORDS = { postgres: "POSTGRES_PASSWORD", redis: "REDIS_PASSWORD" } as const;

interface StoreBase {
    image: string;
    /** Names in `System.volumes`, by what they hold. */
    volume: string;
    resources: PerEnvironment<Resources>;
    /** Where the document gives a range for scaling. */
    scaling?: ScalingRange;
    health: PerEnvironment<Probe>;
    /** How long it may take to stop before it is killed. */
    stopGraceSeconds: number;
    /** Numeric uid:gid that the process runs as: that of the image which the document names. */
    runAs: string;
}

export interface PostgresStore extends StoreBase {
    /** The database's role, not the process's user. */
    user: string;
    database: string;
    /** Made in the database before any migration runs. */
    extensions: string[];
    /** `postgresql.conf` settings, set as `-c name=value`. */
    settings: Record<string, string>;
    /** Settings that differ in an environment, over `settings`; `postgresSettings` puts the two together. */
    settingsIn?: Partial<Record<Environment, Record<string, string>>>;
    /**
     * `require`, as in libpq's `sslmode`: who comes over the network must encrypt, with a certificate that the stack
     * makes itself and that no client has to know. `verify-full`, of an external one alone: clients verify its certificate. Absent: the
     * server speaks no TLS.
     */
    tls?: "require" | "verify-full";
    /** Somebody else runs it, there. Absent: the stack does; see `withStores`. */
    external?: Endpoint;
    /** The stack has CloudNativePG run it, on the cluster that it is on. Absent: in a container of its own; see `withOperator`. */
    operator?: Operator;
    /** `/dev/shm`; at least maintenance_work_mem. */
    shmMiB: number;
    /** Read replicas by streaming replication: none, or one where there is a volume for it. */
    readReplicas: PerEnvironment<number>;
    /** Where the document asks for read replicas: the name in `System.volumes` of what holds one. */
    replicaVolume?: string;
    /** Where the document asks for pooling: PgBouncer between the services and this. */
    pooler?: Pooler;
}

/** How CloudNativePG runs a Postgres. */
export interface Operator {
    /** Servers, of which one is the primary and the others follow it, each ready to take its place. */
    instances: PerEnvironment<number>;
    /** CIDRs of the cluster's API server. */
    apiServer: string[];
    /** The operator's own, from which it asks the servers how they are. */
    namespace: string;
}

/** PgBouncer. Units as everywhere. */
export interface Pooler {
    image: string;
    /** Connections to Postgres that all of its replicas together hold at most. */
    poolSize: number;
    /** Connections of clients that it takes at most, of each replica. */
    maxClients: number;
    replicas: PerEnvironment<number>;
    resources: PerEnvironment<Resources>;
    /** Whether a query through it is answered. */
    health: PerEnvironment<Probe>;
    /** Whether it answers itself. */
    liveness: PerEnvironment<Probe>;
    /** How long transactions that run may take to end before it is killed. */
    stopGraceSeconds: number;
    runAs: string;
}

export interface RedisStore extends StoreBase {
    /** Writes every change to a log on the volume, which is replayed at the start. */
    appendOnly: boolean;
    /** When that log reaches the disk: with `everysec`, a crash of the machine loses at most a second. */
    appendFsync: "everysec" | "always" | "no";
    /** Most memory of the data, in MiB; below the container's limit. */
    maxMemoryMiB: number;
    /** What goes when that is full, e.g. `allkeys-lru`. */
    maxMemoryPolicy: string;
    /** Most connections; default: Redis's own 10000. */
    maxClients?: number;
    /** RDB save points, `seconds changes`. Empty: no RDB. */
    save: string[];
    /** Somebody else runs it, there. Absent: the stack does; see `withStores`. */
    external?: Endpoint & Pick<ExternalRedis, "user" | "tls">;
}

export interface MemgraphStore extends StoreBase {
    /** Name in `System.volumes`. */
    logVolume: string;
    /** `--log-level`, e.g. `WARNING`. */
    logLevel: string;
    /** `--memory-limit` in MiB; below the container's limit. */
    memoryLimitMiB: PerEnvironment<number>;
    boltPort: number;
    monitoringPort: number;
    snapshotIntervalSeconds: number;
    /** How many snapshots are kept. */
    snapshotRetention: number;
}

/** A database file on a volume of a service. It has no container of its own. */
export interface SqliteStore {
    service: string;
    volume: string;
    /** Path inside the service's container. */
    path: string;
}

type ContainerStore = PostgresStore | RedisStore | MemgraphStore;

/** The stores that the stack runs in a container of their own, by name. SQLite is a file of a service. */
export function containerStores(stores: Stores): Map<string, ContainerStore> {
    return new Map(servers(stores).filter(([, store]) => !isExternal(store)));
}

/** The stores that somebody else runs, by name. */
export function externalStores(stores: Stores): Map<string, (PostgresStore | RedisStore) & { external: Endpoint }> {
    return new Map(servers(stores).flatMap(([name, store]) => (isExternal(store) ? [[name, store] as const] : [])));
}

function servers({ postgres, redis, memgraph }: Stores): [string, ContainerStore][] {
    return Object.entries({ postgres, redis, memgraph }).filter(
        (entry): entry is [string, ContainerStore] => entry[1] !== undefined,
    );
}

export function isExternal<S extends PostgresStore | RedisStore>(
    store: S | MemgraphStore,
): store is S & { external: Endpoint } {
    return "external" in store && store.external !== undefined;
}

/** Names of what runs beside a store for it, and may be given other resources like it. */
export const REPLICA = "postgres-replica";
export const POOLER = "pgbouncer";

/** The secret that holds the password of the role that replicates Postgres. */
export const REPLICATION_PASSWORD = "REPLICATION_PASSWORD";

export function storeCompanions({ postgres }: Stores): Map<string, Companion> {
    const companions = new Map<string, Companion>();
    if (postgres?.replicaVolume !== undefined) companions.set(REPLICA, postgres);
    if (postgres?.pooler !== undefined) companions.set(POOLER, postgres.pooler);
    return companions;
}

type Companion = Pick<StoreBase, "image" | "resources">;

/** The `postgresql.conf` settings of an environment. */
export function postgresSettings(store: PostgresStore, environment: Environment): Record<string, string> {
    return { ...store.settings, ...store.settingsIn?.[environment] };
}

/**
 * A memory setting of Postgres such as `256MB`, in MiB; undefined where there is none or where it names no unit, since what a bare number
 * counts differs from setting to setting. https://www.postgresql.org/docs/16/config-setting.html
 */
export function postgresMiB(setting: string | undefined): number | undefined {
    const [, amount, unit] = /^(\d+)\s*(kB|MB|GB|TB)$/.exec(setting ?? "") ?? [];
    if (amount === undefined) return undefined;
    return Number(amount) * { kB: 1 / 1024, MB: 1, GB: 1024, TB: 1024 * 1024 }[unit as "kB" | "MB" | "GB" | "TB"];
}
