/** A cluster from a physical backup and the log after it, recovered to a point in time in a folder of its own. */
import {
    chmodSync,
    copyFileSync,
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { BackupError, EXIT } from "../../errors";
import type { Manifest } from "../../manifest";
import { run } from "../../process";
import type { Source } from "../driver";
import { withClient, type Server } from "./connect";
import { hasCanary } from "./contents";
import { CONTROL, FILES, REST } from "./physical";
import { canaryMissing } from "./prove";
import { firstGap } from "./segments";
import { binaries, refuseRoot, serverLog, withLog, withThrowaway } from "./throwaway";

/** Folders that must be there, and are empty in a backup. */
const EMPTY = [
    "pg_wal",
    "pg_wal/archive_status",
    "pg_replslot",
    "pg_dynshmem",
    "pg_notify",
    "pg_serial",
    "pg_snapshots",
    "pg_stat_tmp",
    "pg_subtrans",
];

/** Inside of the cluster's folder, so that the name is the same wherever it is mounted. */
const ARCHIVE = "groundwork_wal";

export interface Recovery {
    source: Source;
    /** The cluster's folder; must not exist. */
    directory: string;
    /** Fills a folder with the log that there is. @returns the timeline to follow; undefined for the newest in it */
    fetchLog: (directory: string) => Promise<number | undefined>;
    /** The last moment whose changes are wanted; undefined for all that there is. */
    time?: Date;
    /** Nothing after the backup itself. */
    exact: boolean;
    user: string;
    database: string;
    scratch: string;
}

/** Recovers, does something with the server, and stops it: what is left is a whole cluster. */
export async function recover<T>(recovery: Recovery, action: (server: Server) => Promise<T>): Promise<T> {
    refuseRoot();
    const { source, directory, time, exact, user, database, scratch } = recovery;
    const { manifest } = source;
    // Before the whole cluster and its log are fetched for nothing.
    const bin = binaries(Number(manifest.details.major));
    if (time && time.getTime() < Date.parse(manifest.pointAt)) {
        throw new BackupError(`the backup ${manifest.id} is of ${manifest.pointAt}, after the time that is asked for`, {
            exit: EXIT.store,
            remedy: "Choose an earlier backup with --at <id>.",
        });
    }
    const timeline = await assemble(recovery);
    const settings = {
        restore_command: `cp ${ARCHIVE}/%f %p`,
        recovery_target_action: "promote",
        recovery_target_timeline: String(timeline ?? "latest"),
        ...(exact ? { recovery_target: "immediate" } : {}),
        // With an offset: the server knows no time zone's name yet when it reads this, and `Z` is one.
        ...(time ? { recovery_target_time: time.toISOString().replace("T", " ").replace("Z", "+00") } : {}),
    };
    writeFileSync(join(directory, "recovery.signal"), "");
    let checksums = false;
    const result = await withThrowaway(
        { directory, major: Number(manifest.details.major), user, settings, scratch },
        async (server) => {
            await untilPromoted(server, database, serverLog(scratch));
            const names = await withClient(server, database, async (client) => {
                checksums =
                    (await client.query<{ on: string }>("SELECT current_setting('data_checksums') AS on")).rows[0]!
                        .on === "on";
                const { rows } = await client.query<{ name: string }>(
                    "SELECT datname AS name FROM pg_database WHERE datallowconn AND NOT datistemplate",
                );
                return rows.map(({ name }) => name);
            });
            await expectCanary(server, names, manifest);
            return action(server);
        },
    );
    rmSync(join(directory, ARCHIVE), { recursive: true, force: true });
    if (checksums) {
        // Every page: files are copied as they are, so that a page that was damaged in the server is damaged here.
        await run(join(bin, "pg_checksums"), ["--check", "--pgdata", directory], {
            exit: EXIT.verification,
            remedy: "A page was damaged before it was backed up. Restore an earlier backup, or the last logical one.",
        });
    }
    return result;
}

/** In any database: a restore since has set the one that it was written to aside, under another name. */
async function expectCanary(server: Server, databases: string[], { id, canary }: Manifest): Promise<void> {
    if (canary === undefined) return;
    for (const database of databases)
        if (await withClient(server, database, (client) => hasCanary(client, canary))) return;
    throw canaryMissing(id);
}

/** @returns the timeline to follow */
async function assemble({ source, directory, fetchLog, exact, scratch }: Recovery): Promise<number | undefined> {
    if (existsSync(directory))
        throw new BackupError(`${directory} is there already`, {
            exit: EXIT.store,
            remedy: "Remove what an interrupted restore left, or choose another place.",
        });
    // On the volume that they stay on: what is only renamed is not written twice.
    const parent = dirname(directory);
    mkdirSync(parent, { recursive: true });
    const log = join(parent, ARCHIVE);
    const [files, { rest, timeline }] = await both(
        source.fetch(FILES, parent),
        fetchRest(source, log, scratch, exact ? undefined : fetchLog),
    );
    renameSync(files, directory);
    for (const name of EMPTY) mkdirSync(join(directory, name), { recursive: true, mode: 0o700 });
    copyFileSync(join(rest, "backup_label"), join(directory, "backup_label"));
    copyFileSync(join(rest, CONTROL), join(directory, "global/pg_control"));
    const { first, segmentBytes } = source.manifest.details as { first: string; segmentBytes: string };
    const gap = firstGap(readdirSync(log), first, Number(segmentBytes));
    if (gap) {
        throw new BackupError(`the log has a gap: ${gap} was never shipped, and nothing after it can be replayed`, {
            exit: EXIT.verification,
            remedy: "Choose a time before the gap, or a backup after it (backup list).",
        });
    }
    renameSync(log, join(directory, ARCHIVE));
    chmodSync(directory, 0o700);
    return timeline;
}

/** What makes the files whole, and into `log` the log: the backup's own and what was written since. */
async function fetchRest(
    source: Source,
    log: string,
    scratch: string,
    fetchLog?: Recovery["fetchLog"],
): Promise<{ rest: string; timeline?: number }> {
    mkdirSync(log);
    const [rest, timeline] = await both(source.fetch(REST, scratch), fetchLog?.(log) ?? Promise.resolve(undefined));
    // Where both have a segment they have the same.
    cpSync(join(rest, "pg_wal"), log, { recursive: true, force: false });
    completePartial(log);
    return { rest, timeline };
}

/** Each to its end: whoever clears away after one that failed must not meet the other, still writing. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
    await Promise.allSettled([one, other]);
    return Promise.all([one, other]);
}

/** The segment that was being written has its final name only here; the log's own checksums say where it ends. */
function completePartial(archive: string): void {
    for (const name of readdirSync(archive).filter((one) => one.endsWith(".partial"))) {
        const whole = join(archive, name.replace(/\.partial$/, ""));
        if (existsSync(whole)) rmSync(join(archive, name));
        else renameSync(join(archive, name), whole);
    }
}

/** While it replays it takes no connection, and says so; when it gives up its socket is gone, and the log says why. */
async function untilPromoted(server: Server, database: string, log: string): Promise<void> {
    for (;;) {
        try {
            const recovering = await withClient(server, database, async (client) => {
                const { rows } = await client.query<{ recovering: boolean }>(
                    "SELECT pg_is_in_recovery() AS recovering",
                );
                return rows[0]!.recovering;
            });
            if (!recovering) return;
        } catch (error) {
            const replaying = /not accepting connections|not yet accepting|starting up/.test((error as Error).message);
            if (!replaying) throw withLog(error, log);
        }
        await new Promise((wake) => setTimeout(wake, 200));
    }
}
