/**
 * Physical backups: the server's files, read from its volume while it runs, between `pg_backup_start` and `pg_backup_stop`, and the piece
 * of the write-ahead log that makes them whole. What has not changed since the last one is not read again.
 */
import { randomUUID } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Client } from "pg";

import type { Kind, PostgresConfig } from "../../config.stores";
import { BackupError, EXIT } from "../../errors";
import type { Captured, Context, Sink } from "../driver";
import { checkVersions, stackServer, withClient } from "./connect";
import { writeCanary } from "./contents";
import { segmentsBetween } from "./segments";

export const FILES = "cluster";
export const REST = "rest";
export const CONTROL = "pg_control";

/**
 * Made anew by the server at its start. https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA
 */
const EXCLUDE = [
    "pg_wal/*",
    "pg_replslot/*",
    "pg_dynshmem/*",
    "pg_notify/*",
    "pg_serial/*",
    "pg_snapshots/*",
    "pg_stat_tmp/*",
    "pg_subtrans/*",
    "pgsql_tmp*",
    "pg_internal.init*",
    "postmaster.pid",
    "postmaster.opts",
    "backup_label*",
    // On its own, below: it must not be torn.
    "global/pg_control",
];

interface Bounds {
    label: string;
    /** Segments that the replay begins and ends with. */
    first: string;
    last: string;
    pointAt: Date;
}

export async function capturePhysical(
    config: PostgresConfig,
    kind: Kind,
    sink: Sink,
    { scratch }: Context,
): Promise<Captured> {
    const directory = config.dataDirectory!;
    return withClient(stackServer(config), config.database, async (client) => {
        const versions = await checkVersions(client);
        const system = await systemOf(client);
        refuseOtherCluster(system, directory);
        const segmentBytes = await segmentSize(client);
        const canary = randomUUID();
        await writeCanary(client, canary);
        const { rows } = await client.query<{ file: string }>(
            "SELECT pg_walfile_name(pg_backup_start('groundwork', fast => true)) AS file",
        );
        await sink.tree(FILES, directory, {
            exclude: EXCLUDE,
            force: kind === "full",
            proof: "listing",
            tolerate: isGone,
        });
        const bounds = await stop(client, rows[0]!.file);
        await sink.tree(REST, collectRest(directory, bounds, segmentBytes, scratch));
        return {
            pointAt: bounds.pointAt,
            versions: { server: versions.server, pg_dump: versions.client },
            contents: {},
            canary,
            details: {
                system,
                first: bounds.first,
                last: bounds.last,
                segmentBytes: String(segmentBytes),
                major: String(versions.major),
            },
        };
    });
}

export async function segmentSize(client: Client): Promise<number> {
    const { rows } = await client.query<{ bytes: string }>(
        "SELECT setting AS bytes FROM pg_settings WHERE name = 'wal_segment_size'",
    );
    return Number(rows[0]!.bytes);
}

/** A table that was dropped meanwhile is in the log; anything else that cannot be read is a failure. */
function isGone(_item: string, message: string): boolean {
    return /no such file or directory/.test(message);
}

async function stop(client: Client, first: string): Promise<Bounds> {
    const { rows } = await client.query<{ label: string; tablespaces: string; last: string; now: Date }>(
        `SELECT labelfile AS label, spcmapfile AS tablespaces, pg_walfile_name(lsn) AS last, now() FROM pg_backup_stop(wait_for_archive => false)`,
    );
    const { label, tablespaces, last, now } = rows[0]!;
    if (tablespaces.trim() !== "") {
        throw new BackupError("the server has tablespaces outside of its data directory, which are not mounted here", {
            exit: EXIT.store,
            remedy: "Move their tables to the default tablespace, or leave dataDirectory out: logical backups have them.",
        });
    }
    return { label, first, last, pointAt: now };
}

/** The label, the control file and the log's segments from the start to the stop: without any of them the files are worth nothing. */
function collectRest(directory: string, { label, first, last }: Bounds, segmentBytes: number, scratch: string): string {
    const rest = join(scratch, REST);
    mkdirSync(join(rest, "pg_wal"), { recursive: true });
    writeFileSync(join(rest, "backup_label"), label);
    writeFileSync(join(rest, CONTROL), readSettled(join(directory, "global/pg_control")));
    for (const name of segmentsBetween(first, last, segmentBytes)) {
        const file = join(directory, "pg_wal", name);
        if (!existsSync(file)) {
            throw new BackupError(`the server has removed ${name} of its log before it could be copied`, {
                exit: EXIT.store,
                remedy: "Set `wal` for this store (a replication slot keeps the log), or wal_keep_size in the server.",
            });
        }
        copyFileSync(file, join(rest, "pg_wal", name));
    }
    return rest;
}

/** The server writes it in one piece of 8 KiB; what is read twice alike was not being written. */
function readSettled(file: string): Buffer {
    for (let before = readFileSync(file); ;) {
        const now = readFileSync(file);
        if (now.equals(before)) return now;
        before = now;
    }
}

/** Postgres' own number of a cluster: that of another one differs, however much the names of its log are the same. */
export async function systemOf(client: Client): Promise<string> {
    const { rows } = await client.query<{ id: string }>(
        "SELECT system_identifier::text AS id FROM pg_control_system()",
    );
    return rows[0]!.id;
}

/** The volume that is mounted here must be that server's: both tell the number that initdb gave it. */
function refuseOtherCluster(system: string, directory: string): void {
    const mounted = identifierOf(directory);
    if (mounted === system) return;
    throw new BackupError(
        `${directory} is not the data directory of this server (${mounted ?? "it has no cluster"}, ${system})`,
        {
            exit: EXIT.configuration,
            remedy: "Mount the server's own volume, and name PGDATA on it as dataDirectory.",
        },
    );
}

/** The first eight bytes of the control file, whatever the version. */
function identifierOf(directory: string): string | undefined {
    const file = join(directory, "global/pg_control");
    return existsSync(file) ? readFileSync(file).readBigUInt64LE(0).toString() : undefined;
}
