/** The stores that a system names, each with its final settings. */
import type * as pulumi from "@pulumi/pulumi";

import type { StackConfig } from "../config/types";
import { POSTGRES_CA } from "../systems/external";
import { inEnvironment, isExternal, postgresSettings, STORE_PASSWORDS, type System } from "../systems/types";
import type { Target } from "../targets/target";
import { ExternalPostgres } from "./external-postgres";
import { Memgraph } from "./memgraph";
import { Postgres } from "./postgres";
import { Redis } from "./redis";
import { resolveResources, resolveVolume } from "./resolve";
import type { Secrets } from "./secrets";
import type { Segment, WorkloadHandle } from "./spec";
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
    /** What dependants wait for. */
    ready: pulumi.Resource[];
}

/** Makes them as parts of `parent`, named after it; by name: `postgres`, `redis`, `memgraph`. */
export function makeStores(name: string, args: StoresArgs, parent: pulumi.Resource): Map<string, RunningStore> {
    const { postgres, redis, memgraph } = args.system.stores;
    const made = new Map<string, RunningStore>();
    if (postgres) {
        const make = isExternal(postgres) ? makeExternalPostgres : makePostgres;
        made.set("postgres", make(`${name}-postgres`, postgres, args, parent));
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

/** What the jobs of the stores are on beside the stores themselves. */
export function jobSegments({ stores: { postgres } }: System): Segment[] {
    return postgres && isExternal(postgres) && postgres.extensions.length > 0 ? ["egress"] : [];
}

function makeExternalPostgres(
    name: string,
    store: NonNullable<Stores["postgres"]>,
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

function makePostgres(name: string, store: NonNullable<Stores["postgres"]>, args: StoresArgs, parent: pulumi.Resource) {
    const { user, database, extensions, shmMiB, tls } = store;
    return new Postgres(
        name,
        {
            ...common("postgres", store, args),
            ...{ user, database, extensions, shmMiB },
            tls: tls && "require",
            password: args.secrets.get(STORE_PASSWORDS.postgres),
            settings: postgresSettings(store, args.config.environment),
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
