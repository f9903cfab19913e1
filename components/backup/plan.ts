/** Which processes back a system up, and which stores each of them. Plain functions from data to data. */
import type { StackConfig } from "../../config/types";
import { scheduledBackups } from "../../systems/backup";
import { type Backup, BACKUP, externalStores, isExternal, type System } from "../../systems/types";
import type { Segment } from "../spec";

/** The toolbox image's own user, which its Postgres' programs ask for. */
const TOOLBOX_USER = "999:999";

/** For what needs none: nobody's in the stack and, so high, nobody's of the host's. */
const NOBODY = "10003:10003";

/** One process's part: what it backs up, with everything that it may read. */
export interface BackupGroup {
    /** Name of it in the stack. */
    name: string;
    /** Numeric `uid:gid` that may read the data of all its stores. */
    user: string;
    stores: Backup[];
    /** Removes what retention no longer keeps. */
    prunes: boolean;
    /** Name of what ships Postgres' log all the time, where that is a workload of its own. */
    shipper?: string;
}

/**
 * On Docker one process for all that one user may read, which keeps the time; on Kubernetes, which keeps it, one for each store, that runs
 * where the store's volume is, and one that mounts none and removes what is old. Empty in a stack that is not backed up.
 */
export function backupGroups(system: System, config: Pick<StackConfig, "target">): BackupGroup[] {
    if (system.backup === undefined) {
        return [];
    }
    const stores = scheduledBackups(system);
    return config.target === "docker" ? byUser(stores, system) : byStore(stores, system);
}

function byUser(stores: Backup[], system: System): BackupGroup[] {
    const owned = new Map<string, Backup[]>();
    const anybodys = stores.filter(({ store }) => userOf(store, system) === undefined);
    for (const backup of stores.filter((each) => !anybodys.includes(each))) {
        const user = userOf(backup.store, system)!;
        // The group does not matter to who may read: data directories are closed to it.
        const same = [...owned.keys()].find((other) => uid(other) === uid(user)) ?? user;
        owned.set(same, [...(owned.get(same) ?? []), backup]);
    }
    const groups: [string, Backup[]][] = owned.size > 0 ? [...owned] : [[TOOLBOX_USER, []]];
    return groups.map(([user, own], at) => ({
        name: at === 0 ? BACKUP : `${BACKUP}-${own[0]!.store}`,
        user,
        stores: at === 0 ? [...own, ...anybodys] : own,
        prunes: true,
    }));
}

function byStore(stores: Backup[], system: System): BackupGroup[] {
    const each = stores.map((backup): BackupGroup => {
        const name = `${BACKUP}-${backup.store}`;
        return {
            name,
            user: userOf(backup.store, system) ?? (backup.store === "postgres" ? TOOLBOX_USER : NOBODY),
            stores: [backup],
            prunes: false,
            ...(shipsLog(backup, system) && { shipper: `${name}-wal` }),
        };
    });
    // It drills too, and a server of Postgres has no user without a name.
    return [...each, { name: BACKUP, user: TOOLBOX_USER, stores, prunes: true }];
}

/** Whether the log of a store's changes is kept too: where the stack has the volume that it is on. */
export function shipsLog({ store }: Pick<Backup, "store">, { stores }: Pick<System, "stores">): boolean {
    const { postgres } = stores;
    return store === "postgres" && postgres !== undefined && !isExternal(postgres) && postgres.operator === undefined;
}

/** What a process that backs these up is on: the stores' network, the bucket's, or both. */
export function backupSegments(stores: Backup[], { stores: all, backup }: System): Segment[] {
    const outside = externalStores(all);
    const reached = stores
        .map(({ store }) => store)
        .filter((store) => ["postgres", "redis", "memgraph"].includes(store));
    const local = backup?.objectStore !== undefined;
    return [
        ...(local || reached.some((store) => !outside.has(store)) ? (["data"] as const) : []),
        ...(!local || reached.some((store) => outside.has(store)) ? (["egress"] as const) : []),
    ];
}

/** Who owns what a store keeps; undefined where it is reached by its address alone, or is the stack's own. */
function userOf(store: string, { stores, services }: System): string | undefined {
    const { postgres, redis, memgraph, sqlite } = stores;
    switch (store) {
        case "postgres":
            return postgres && shipsLog({ store }, { stores }) ? postgres.runAs : undefined;
        case "redis":
            return redis?.runAs;
        case "memgraph":
            return memgraph?.runAs;
        default: {
            const volume = store === "sqlite" ? sqlite?.volume : store;
            return services.find(({ mounts }) => mounts.some((mount) => mount.volume === volume))?.user;
        }
    }
}

function uid(user: string): string {
    return user.split(":", 1)[0]!;
}
