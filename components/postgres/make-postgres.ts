/** A system's Postgres and what is beside it, with their final settings, wherever it runs. */
import type * as pulumi from "@pulumi/pulumi";

import { type Endpoint, POSTGRES_CA } from "../../systems/external";
import { operatedInstances, postgresHost } from "../../systems/operated";
import {
    inEnvironment,
    isExternal,
    POOLER,
    postgresSettings,
    type PostgresStore,
    REPLICA,
    REPLICATION_PASSWORD,
    STORE_PASSWORDS,
} from "../../systems/types";
import { backupGroups } from "../backup/plan";
import { logRotation } from "../log-rotation";
import { hasReplica } from "../settings/postgres";
import { resolveResources } from "../settings/resources";
import { type RunningStore, storeArgs, type MakeStoresArgs } from "../store-args";
import { ExternalPostgres } from "./external";
import { OperatedPostgres } from "./operated";
import { PgBouncer } from "./pgbouncer";
import { Postgres } from "./postgres";
import { PostgresReplica } from "./replica";
import { replicationOf } from "./replication";

/** Makes them as parts of `parent`, named after `name`; by name: `postgres`, and what is beside it. */
export function makePostgres(
    name: string,
    store: PostgresStore,
    args: MakeStoresArgs,
    parent: pulumi.Resource,
): Map<string, RunningStore> {
    if (isExternal(store)) {
        return new Map([["postgres", makeExternal(`${name}-postgres`, store, args, parent)]]);
    }
    const made = store.operator
        ? new Map<string, RunningStore>([["postgres", makeOperated(`${name}-postgres`, store, args, parent)]])
        : makeServers(name, store, args, parent);
    if (store.pooler) {
        const { ready } = made.get("postgres")!;
        made.set(POOLER, makePooler(`${name}-${POOLER}`, store, store.pooler, ready, args, parent));
    }
    return made;
}

function makeExternal(
    name: string,
    store: PostgresStore & { external: Endpoint },
    { system, target, secrets, image }: MakeStoresArgs,
    parent: pulumi.Resource,
): RunningStore {
    const { user, database, extensions, tls, runAs } = store;
    return new ExternalPostgres(
        name,
        {
            user,
            database,
            extensions,
            tls,
            runAs,
            target,
            endpoint: store.external,
            image: extensions.length > 0 ? image(store.image) : "",
            password: secrets.get(STORE_PASSWORDS.postgres),
            authorities: secrets.values[POSTGRES_CA],
            logs: system.logs,
        },
        { parent },
    );
}

function makeOperated(
    name: string,
    store: PostgresStore,
    args: MakeStoresArgs,
    parent: pulumi.Resource,
): OperatedPostgres {
    const { user, database, extensions, shmMiB, tls } = store;
    const { image, volume, resources, health, stopGraceSeconds, logs, target } = storeArgs("postgres", store, args);
    return new OperatedPostgres(
        name,
        {
            user,
            database,
            extensions,
            shmMiB,
            image,
            volume,
            resources,
            stopGraceSeconds,
            target,
            logs: logRotation(logs),
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
    args: MakeStoresArgs,
    parent: pulumi.Resource,
): Map<string, RunningStore> {
    const primary = makePrimary(`${name}-postgres`, store, args, parent);
    const made = new Map<string, RunningStore>([["postgres", primary]]);
    const replica = makeReplica(`${name}-${REPLICA}`, store, primary, args, parent);
    if (replica) {
        // Nothing waits for a copy, which may take long.
        made.set(REPLICA, { workload: replica.workload, ready: [] });
    }
    return made;
}

function makePrimary(name: string, store: PostgresStore, args: MakeStoresArgs, parent: pulumi.Resource): Postgres {
    const replication = replicationOf(args.system, args.config);
    return new Postgres(
        name,
        {
            ...storeArgs("postgres", store, args),
            ...serverOf(store, args),
            extensions: store.extensions,
            shipsLog: args.system.backup !== undefined,
            shippers: backupGroups(args.system, args.config).flatMap(({ shipper }) => shipper ?? []),
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
function serverOf(store: PostgresStore, { config, secrets }: MakeStoresArgs) {
    const { user, database, shmMiB, tls } = store;
    return {
        user,
        database,
        shmMiB,
        tls: tls && ("require" as const),
        password: secrets.get(STORE_PASSWORDS.postgres),
        settings: postgresSettings(store, config.environment),
    };
}

function makeReplica(
    name: string,
    store: PostgresStore,
    { replicaVolume }: Postgres,
    args: MakeStoresArgs,
    parent: pulumi.Resource,
): PostgresReplica | undefined {
    if (!replicaVolume || !hasReplica(args.system, args.config)) {
        return undefined;
    }
    const { health, ...rest } = storeArgs(REPLICA, store, args);
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
    { system, config, target, secrets, image }: MakeStoresArgs,
    parent: pulumi.Resource,
): PgBouncer {
    const { environment } = config;
    const { user, database, tls } = store;
    return new PgBouncer(
        name,
        {
            host: postgresHost(store),
            user,
            database,
            tls: tls && ("require" as const),
            poolSize,
            maxClients,
            target,
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
