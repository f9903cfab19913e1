/**
 * Which volume of a system's Postgres is the primary's, who may copy it, and with what. Plain functions from data to
 * data, and the scripts.
 */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

import type { StackConfig } from "../../config/types";
import { REPLICA, type System } from "../../systems/types";
import { hasReplica } from "../settings/postgres";
import { resolveVolume } from "../settings/volumes";
import type { FileSpec, VolumeSpec } from "../spec";

/** The role that may replicate, and nothing else. */
export const REPLICATION_USER = "replicator";

/**
 * Most of the volume that the log of changes may take which a replica or the backups have yet to fetch: one that is away
 * does not fill it.
 */
const KEPT_PART = 1 / 8;

/**
 * How long a primary with an empty volume asks for a replica before it makes a new database: as long as a replica may take
 * to start, which is long where a node has to have its volume first.
 */
export const ASK_SECONDS = 20;

const DIRECTORY = "/etc/groundwork";

export interface Replication {
    /** Whether a replica runs. */
    runs: boolean;
    /** What the primary is on. */
    primary: VolumeSpec;
    /** What a replica is on, or what was the primary's before a promotion. */
    replica: VolumeSpec;
    /** Whether an empty `primary` may be given a new database: not on one that a promotion names. */
    mayBeNew: boolean;
}

/** Absent where the system's document asks for no read replicas. */
export function replicationOf(
    system: System,
    config: Pick<StackConfig, "environment" | "postgres" | "volumes">,
): Replication | undefined {
    const { postgres } = system.stores;
    if (postgres?.replicaVolume === undefined) {
        return undefined;
    }
    const own = { ...resolveVolume(postgres.volume, system, config), owner: "postgres", movable: true };
    const copy = { ...resolveVolume(postgres.replicaVolume, system, config), owner: REPLICA, movable: true };
    const promoted = config.postgres.primaryVolume === copy.name;
    const [primary, replica] = promoted ? [copy, own] : [own, copy];
    return {
        runs: hasReplica(system, config),
        primary,
        replica,
        mayBeNew: config.postgres.primaryVolume === undefined,
    };
}

/** Setting of a Postgres on this volume: so much of its log it keeps at most for whoever fetches it. */
export function keptLog({ sizeMiB }: Pick<VolumeSpec, "sizeMiB">): Record<string, string> {
    return { max_slot_wal_keep_size: `${Math.floor(sizeMiB * KEPT_PART)}MB` };
}

/** Runs what follows once the volume is the primary's. */
export const PRIMARY_SCRIPT = `${DIRECTORY}/primary.sh`;

/** Keeps a copy of the primary, and what follows running on it. */
export const REPLICA_SCRIPT = `${DIRECTORY}/replica.sh`;

/** Files of the container that starts with one of them. */
export function scriptFiles(script: string): FileSpec[] {
    return [textFile(script), textFile(`${DIRECTORY}/common.sh`)];
}

/** Statements that make the role. */
export const ROLE_STATEMENTS = textFile(`${DIRECTORY}/role.sql`);

function textFile(path: string): FileSpec {
    const content = readFileSync(join(__dirname, "scripts", posix.basename(path)), "utf8");
    return { path, content, secret: false };
}
