/** The stores that a system names, each with its final settings. */
import type * as pulumi from "@pulumi/pulumi";

import {
    inEnvironment,
    isExternal,
    type MemgraphStore,
    type RedisStore,
    STORE_PASSWORDS,
    type System,
} from "../systems/types";
import { Memgraph } from "./memgraph";
import { makePostgres } from "./postgres/make-postgres";
import { Redis } from "./redis";
import { resolveVolume } from "./settings/volumes";
import type { Segment } from "./spec";
import { type RunningStore, storeArgs, type MakeStoresArgs } from "./store-args";

/** Makes them as parts of `parent`, named after it; by name: `postgres` and what is beside it, `redis`, `memgraph`. */
export function makeStores(name: string, args: MakeStoresArgs, parent: pulumi.Resource): Map<string, RunningStore> {
    const { postgres, redis, memgraph } = args.system.stores;
    const made = postgres ? makePostgres(name, postgres, args, parent) : new Map<string, RunningStore>();
    if (redis && !isExternal(redis)) {
        made.set("redis", makeRedis(`${name}-redis`, redis, args, parent));
    }
    if (memgraph) {
        made.set("memgraph", makeMemgraph(`${name}-memgraph`, memgraph, args, parent));
    }
    return made;
}

/** What the jobs of the stores are on beside the stores themselves. */
export function jobSegments({ stores: { postgres } }: System): Segment[] {
    return postgres && isExternal(postgres) && postgres.extensions.length > 0 ? ["egress"] : [];
}

function makeRedis(name: string, store: RedisStore, args: MakeStoresArgs, parent: pulumi.Resource) {
    const { appendOnly, appendFsync, maxMemoryMiB, maxMemoryPolicy, maxClients, save } = store;
    return new Redis(
        name,
        {
            ...storeArgs("redis", store, args),
            appendOnly,
            appendFsync,
            maxMemoryMiB,
            maxMemoryPolicy,
            maxClients,
            save,
            password: args.secrets.get(STORE_PASSWORDS.redis),
        },
        { parent },
    );
}

function makeMemgraph(name: string, store: MemgraphStore, args: MakeStoresArgs, parent: pulumi.Resource) {
    const { logLevel, boltPort, monitoringPort, snapshotIntervalSeconds, snapshotRetention } = store;
    return new Memgraph(
        name,
        {
            ...storeArgs("memgraph", store, args),
            logLevel,
            boltPort,
            monitoringPort,
            snapshotIntervalSeconds,
            snapshotRetention,
            logVolume: { ...resolveVolume(store.logVolume, args.system, args.config), owner: "memgraph" },
            memoryLimitMiB: inEnvironment(store.memoryLimitMiB, args.config.environment),
        },
        { parent },
    );
}
