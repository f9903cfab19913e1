/** What those who make stores take and return, and the args that each store has from its system's data. */
import type * as pulumi from "@pulumi/pulumi";

import type { StackConfig } from "../config/types";
import { inEnvironment, type MemgraphStore, type PostgresStore, type RedisStore, type System } from "../systems/types";
import type { Target } from "../targets/target";
import type { Secrets } from "./secrets";
import { resolveResources } from "./settings/resources";
import { resolveVolume } from "./settings/volumes";
import type { VolumeHandle, WorkloadHandle } from "./spec";
import type { StoreArgs } from "./store-server";

export interface MakeStoresArgs {
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

/** @param name of the store: whom its volume belongs to, and what the stack's configuration calls it */
export function storeArgs(
    name: string,
    store: PostgresStore | RedisStore | MemgraphStore,
    { system, config, target, image }: MakeStoresArgs,
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
