/** The stores that a system names, each with its final settings. */
import type * as pulumi from "@pulumi/pulumi";

import type { StackConfig } from "../config/types";
import { POSTGRES_CA } from "../systems/external";
import { operatedInstances, postgresHost } from "../systems/operated";
import {
    inEnvironment,
    isExternal,
    POOLER,
    postgresSettings,
    REPLICA,
    REPLICATION_PASSWORD,
    STORE_PASSWORDS,
    type System,
} from "../systems/types";
import type { Target } from "../targets/target";
import { Memgraph } from "./memgraph";
import { ExternalPostgres } from "./postgres/external";
import { OperatedPostgres } from "./postgres/operated";
import { PgBouncer } from "./postgres/pgbouncer";
import { Postgres } from "./postgres/postgres";
import { PostgresReplica } from "./postgres/replica";
import { keptLog, replicationOf } from "./postgres/replication";
import { Redis } from "./redis";
import { hasReplica, resolveResources, resolveVolume } from "./resolve";
import type { Secrets } from "./secrets";
import type { Segment, VolumeHandle, WorkloadHandle } from "./spec";
import type { StoreArgs } from "./store";

export interface StoresArgs {
    system: System;
    config: StackConfig;
    target: Target;
    secrets: Secrets;
    /** What `Target.image` returned, by key of the catalog. */
    image: (key: string) => pulumi.Input<string>;
}

export interface RunningStore {
    /** Absent: somebody else runs it. */
    workload?: WorkloadHandle;
    /** What its data is on; absent: it is on none of the stack's. */
    volume?: VolumeHandle;
    /** What dependants wait for. */
    ready: pulumi.Resource[];
}

/** Makes them as parts of `parent`, named after it; by name: `postgres` and what is beside it, `redis`, `memgraph`. */
export function makeStores(name: string, args: StoresArgs, parent: pulumi.Resource): Map<string, RunningStore> {
    const { postgres, redis, memgraph } = args.system.stores;
    const made = new Map<string, RunningStore>();
    if (postgres) {
        if (isExternal(postgres)) {
            made.set("postgres", makeExternalPostgres(`${name}-postgres`, postgres, args, parent));
        } else {
            makeOwnPostgres(name, postgres, args, parent).forEach((store, of) => made.set(of, store));
        }
    }
    if (redis && !isExternal(redis)) {
        made.set("redis", makeRedis(`${name}-redis`, redis, args, parent));
    }
    if (memgraph) {
        made.set("memgraph", makeMemgraph(`${name}-memgraph`, memgraph, args, parent));
    }
    return made;
}

type Stores = System["stores"];
type PostgresStore = NonNullable<Stores["postgres"]>;

/** What the jobs of the stores are on beside the stores themselves. */
export function jobSegments({ stores: { postgres } }: System): Segment[] {
    return postgres && isExternal(postgres) && postgres.extensions.length > 0 ? ["egress"] : [];
}

function makeExternalPostgres(
    name: string,
    store: PostgresStore,
    { system, target, secrets, image }: StoresArgs,
    parent: pulumi.Resource,
): RunningStore {
    const { user, database, extensions, tls, runAs } = store;
    return new ExternalPostgres(
        name,
        {
            ...{ user, database, extensions, tls, runAs, target },
            endpoint: store.external!,
            image: extensions.length > 0 ? image(store.image) : "",
            password: secrets.get(STORE_PASSWORDS.postgres),
            authorities: secrets.values[POSTGRES_CA],
            logs: system.logs,
        },
        { parent },
    );
}

/** By name: Postgres, and what is beside it. */
function makeOwnPostgres(
    name: string,
    store: PostgresStore,
    args: StoresArgs,
    parent: pulumi.Resource,
): Map<string, RunningStore> {
    const made = store.operator
        ? new Map<string, RunningStore>([["postgres", makeOperated(`${name}-postgres`, store, args, parent)]])
        : makeServers(name, store, args, parent);
    if (store.pooler) {
        const { ready } = made.get("postgres")!;
        made.set(POOLER, makePooler(`${name}-${POOLER}`, store, store.pooler, ready, args, parent));
    }
    return made;
}

function makeOperated(name: string, store: PostgresStore, args: StoresArgs, parent: pulumi.Resource): OperatedPostgres {
    const { user, database, extensions, shmMiB, tls } = store;
    const { image, volume, resources, health, stopGraceSeconds, logs, target } = common("postgres", store, args);
    return new OperatedPostgres(
        name,
        {
            ...{ user, database, extensions, shmMiB, image, volume, resources, stopGraceSeconds, target },
            logs: { maxFileMiB: logs.maxFileMiB, maxFiles: logs.maxFiles },
            instances: operatedInstances(store, args.config.environment),
            password: args.secrets.get(STORE_PASSWORDS.postgres),
            settings: postgresSettings(store, args.config.environment),
            requireTls: tls !== undefined,
            timing: health,
        },
        { parent },
    );
}

function makeServers(
    name: string,
    store: PostgresStore,
    args: StoresArgs,
    parent: pulumi.Resource,
): Map<string, RunningStore> {
    const primary = makePostgres(`${name}-postgres`, store, args, parent);
    const made = new Map<string, RunningStore>([["postgres", primary]]);
    const replica = makeReplica(`${name}-${REPLICA}`, store, primary, args, parent);
    if (replica) {
        // Nothing waits for a copy, which may take long.
        made.set(REPLICA, { workload: replica.workload, ready: [] });
    }
    return made;
}

function makePostgres(name: string, store: PostgresStore, args: StoresArgs, parent: pulumi.Resource): Postgres {
    const replication = replicationOf(args.system, args.config);
    const own = common("postgres", store, args);
    const server = serverOf(store, args);
    return new Postgres(
        name,
        {
            ...own,
            ...server,
            // Its log is shipped to the backups.
            ...(args.system.backup && {
                settings: { ...server.settings, ...keptLog(replication?.primary ?? own.volume) },
            }),
            extensions: store.extensions,
            ...(replication && {
                volume: replication.primary,
                replication: {
                    ...replication,
                    // What was the primary's before a promotion is not deleted for it.
                    volume: replication.runs || args.config.postgres.primaryVolume !== undefined,
                    password: args.secrets.get(REPLICATION_PASSWORD),
                },
            }),
        },
        { parent },
    );
}

/** What the primary and its replica have in common: a standby must have room for all that its primary may do. */
function serverOf(store: PostgresStore, { config, secrets }: StoresArgs) {
    const { user, database, shmMiB, tls } = store;
    return {
        ...{ user, database, shmMiB, tls: tls && ("require" as const) },
        password: secrets.get(STORE_PASSWORDS.postgres),
        settings: postgresSettings(store, config.environment),
    };
}

function makeReplica(
    name: string,
    store: PostgresStore,
    { replicaVolume }: Postgres,
    args: StoresArgs,
    parent: pulumi.Resource,
): PostgresReplica | undefined {
    if (!replicaVolume || !hasReplica(args.system, args.config)) {
        return undefined;
    }
    const { health, ...rest } = common(REPLICA, store, args);
    return new PostgresReplica(
        name,
        {
            ...rest,
            ...serverOf(store, args),
            volume: replicaVolume,
            replicationPassword: args.secrets.get(REPLICATION_PASSWORD),
            timing: health,
        },
        { parent },
    );
}

function makePooler(
    name: string,
    store: PostgresStore,
    { poolSize, maxClients, ...pooler }: NonNullable<PostgresStore["pooler"]>,
    after: pulumi.Resource[],
    { system, config, target, secrets, image }: StoresArgs,
    parent: pulumi.Resource,
): PgBouncer {
    const { environment } = config;
    const { user, database, tls } = store;
    return new PgBouncer(
        name,
        {
            host: postgresHost(store),
            ...{ user, database, tls: tls && ("require" as const), poolSize, maxClients, target },
            password: secrets.get(STORE_PASSWORDS.postgres),
            image: image(pooler.image),
            replicas: inEnvironment(pooler.replicas, environment),
            resources: resolveResources(pooler.resources, config.services[POOLER]?.resources, config),
            health: inEnvironment(pooler.health, environment),
            liveness: inEnvironment(pooler.liveness, environment),
            runAs: pooler.runAs,
            stopGraceSeconds: pooler.stopGraceSeconds,
            logs: system.logs,
            after,
        },
        { parent },
    );
}

function makeRedis(name: string, store: NonNullable<Stores["redis"]>, args: StoresArgs, parent: pulumi.Resource) {
    const { appendOnly, appendFsync, maxMemoryMiB, maxMemoryPolicy, maxClients, save } = store;
    return new Redis(
        name,
        {
            ...common("redis", store, args),
            ...{ appendOnly, appendFsync, maxMemoryMiB, maxMemoryPolicy, maxClients, save },
            password: args.secrets.get(STORE_PASSWORDS.redis),
        },
        { parent },
    );
}

function makeMemgraph(name: string, store: NonNullable<Stores["memgraph"]>, args: StoresArgs, parent: pulumi.Resource) {
    const { logLevel, boltPort, monitoringPort, snapshotIntervalSeconds, snapshotRetention } = store;
    return new Memgraph(
        name,
        {
            ...common("memgraph", store, args),
            ...{ logLevel, boltPort, monitoringPort, snapshotIntervalSeconds, snapshotRetention },
            logVolume: { ...resolveVolume(store.logVolume, args.system, args.config), owner: "memgraph" },
            memoryLimitMiB: inEnvironment(store.memoryLimitMiB, args.config.environment),
        },
        { parent },
    );
}

function common(
    name: string,
    store: NonNullable<Stores["postgres" | "redis" | "memgraph"]>,
    { system, config, target, image }: StoresArgs,
): StoreArgs {
    return {
        image: image(store.image),
        volume: { ...resolveVolume(store.volume, system, config), owner: name },
        resources: resolveResources(store.resources, config.services[name]?.resources, config),
        health: inEnvironment(store.health, config.environment),
        runAs: store.runAs,
        stopGraceSeconds: store.stopGraceSeconds,
        logs: system.logs,
        target,
    };
}
