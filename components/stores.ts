/** The stores that a system names, each with its final settings. */
import type * as pulumi from "@pulumi/pulumi";

import type { StackConfig } from "../config/types";
import { inEnvironment, postgresSettings, type System } from "../systems/types";
import type { Target } from "../targets/target";
import { Memgraph } from "./memgraph";
import { Postgres } from "./postgres";
import { Redis } from "./redis";
import { resolveResources, resolveVolume } from "./resolve";
import { type Secrets, STORE_PASSWORDS } from "./secrets";
import type { WorkloadHandle } from "./spec";
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
    workload: WorkloadHandle;
    /** What dependants wait for. */
    ready: pulumi.Resource[];
}

/** Makes them as parts of `parent`, named after it; by name: `postgres`, `redis`, `memgraph`. */
export function makeStores(name: string, args: StoresArgs, parent: pulumi.Resource): Map<string, RunningStore> {
    const { postgres, redis, memgraph } = args.system.stores;
    const made = new Map<string, RunningStore>();
    if (postgres) {
        made.set("postgres", makePostgres(`${name}-postgres`, postgres, args, parent));
    }
    if (redis) {
        made.set("redis", makeRedis(`${name}-redis`, redis, args, parent));
    }
    if (memgraph) {
        made.set("memgraph", makeMemgraph(`${name}-memgraph`, memgraph, args, parent));
    }
    return made;
}

type Stores = System["stores"];

function makePostgres(name: string, store: NonNullable<Stores["postgres"]>, args: StoresArgs, parent: pulumi.Resource) {
    const { user, database, extensions, shmMiB, tls } = store;
    return new Postgres(
        name,
        {
            ...common("postgres", store, args),
            ...{ user, database, extensions, shmMiB, tls },
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
