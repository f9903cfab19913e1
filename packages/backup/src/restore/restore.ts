/** `backup restore`: what will happen, a safety copy, the restore beside the live data, its proof, the swap, and the way back. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type BackupEntry, type Catalog, readCatalog, readManifest, SAFETY_TIER, select } from "../catalog";
import type { BackupConfig } from "../config";
import { BackupError, EXIT } from "../errors";
import { withLock } from "../lock";
import { log } from "../log";
import { PartReader } from "../repository/parts";
import { openLocalCopy, openRepository } from "../repository/open";
import type { Repository } from "../repository/repository";
import { makeScratch, runBackup } from "../run";
import { driverOf, storeOf } from "../stores";
import type { Restored, RestoreRequest } from "../stores/driver";

export interface RestoreOptions extends RestoreRequest {
    store: string;
    /** `latest`, a backup's id or a time. */
    at: string;
    /** Of which kind of backup; default: the one that brings back most. */
    method?: string;
    /** Read from the copy on the machine. */
    local: boolean;
    /** Back the live data up first, where it can still be read. Off only where there is none any more. */
    safetyCopy: boolean;
    signal: AbortSignal;
}

/** What `undo` and `swap` go by, on the state volume. */
interface RestoreRecord {
    store: string;
    backup: string;
    at: string;
    restored: Restored;
    undone: boolean;
}

export function openForReading(config: BackupConfig, local: boolean, signal?: AbortSignal): Repository {
    if (!local) return openRepository(config, { signal });
    const copy = openLocalCopy(config, { signal });
    if (copy) return copy;
    throw new BackupError("this stack keeps no local copy", {
        exit: EXIT.configuration,
        remedy: "Leave --local out, to restore from the bucket.",
    });
}

export async function readerOf(
    config: BackupConfig,
    repository: Repository,
    catalog: Catalog,
    entry: BackupEntry,
): Promise<PartReader> {
    const driver = driverOf(config, entry.store);
    const snapshots = new Map((catalog.parts.get(entry.id) ?? []).map(({ part, snapshot }) => [part, snapshot]));
    return new PartReader(repository, await readManifest(repository, entry), snapshots, (part) => driver.check(part));
}

/** The newest backup that was finished before the time that is asked for; the one that is named; else the newest. */
async function choose(
    config: BackupConfig,
    repository: Repository,
    catalog: Catalog,
    options: RestoreOptions,
): Promise<BackupEntry> {
    const { store, at, exact, time } = options;
    const method = options.method ?? (exact ? undefined : driverOf(config, store).preferredMethod);
    // A copy from before a restore is of data that was not wanted: only by its name.
    let backups = exact ? catalog.backups : catalog.backups.filter(({ tier }) => tier !== SAFETY_TIER);
    for (;;) {
        const entry = select(backups, store, at, method);
        if (!time || Date.parse((await readManifest(repository, entry)).pointAt) <= time.getTime()) return entry;
        backups = backups.filter((one) => one !== entry);
    }
}

/** Options that only one kind of store has, which would do nothing for another. @throws BackupError */
function refuseForeign(config: BackupConfig, options: RestoreOptions): void {
    const { store, database, table, method, graphOnly, into } = options;
    const { driver } = storeOf(config, store);
    const only = { postgres: { database, table, method }, memgraph: { "graph-only": graphOnly || undefined } };
    const wrong = Object.entries(only).flatMap(([kind, flags]) =>
        Object.entries(flags).flatMap(([flag, value]) => (value !== undefined && kind !== driver ? [`--${flag}`] : [])),
    );
    if (graphOnly && into) wrong.push("--into with --graph-only");
    if (wrong.length === 0) return;
    throw new BackupError(`${store} is restored by the ${driver} driver, which has no ${wrong.join(", ")}`, {
        exit: EXIT.configuration,
        remedy: "Leave it out; --plan shows what a restore would do.",
    });
}

/** For people, and nothing else happens. */
export async function planRestore(config: BackupConfig, options: RestoreOptions): Promise<string[]> {
    const { store, local, signal } = options;
    refuseForeign(config, options);
    const repository = openForReading(config, local, signal);
    const catalog = await readCatalog(repository);
    const driver = driverOf(config, store);
    const entry = await choose(config, repository, catalog, options);
    const manifest = await readManifest(repository, entry);
    return [
        `restore ${store} of ${config.stack} from ${entry.id}, which is of ${manifest.pointAt} (${manifest.method}, release ${manifest.release})`,
        ...(options.safetyCopy ? ["back up what is live now, first"] : ["take no backup of what is live now"]),
        ...driver.plan(manifest, options),
    ];
}

export async function restore(config: BackupConfig, options: RestoreOptions): Promise<string[]> {
    const { store, local, signal } = options;
    refuseForeign(config, options);
    const repository = openForReading(config, local, signal);
    const catalog = await readCatalog(repository);
    const driver = driverOf(config, store);
    const entry = await choose(config, repository, catalog, options);
    // What a wrong command asks for is told before anything is done.
    const reader = await readerOf(config, repository, catalog, entry);
    driver.plan(reader.manifest, options);
    if (options.safetyCopy) await makeSafetyCopy(config, store, signal);
    return withLock(join(config.stateDirectory, "locks"), store, `restore of ${entry.id}`, async () => {
        const scratch = makeScratch(config, "restore");
        try {
            const at = new Date().toISOString();
            const intend = (restored: Restored): void =>
                writeRecord(config, { store, backup: entry.id, at, restored, undone: false });
            const restored = await driver.restore(reader, options, { config, scratch, signal, intend });
            intend(restored);
            log.info({ store, backup: entry.id, state: restored.state }, "restored");
            return restored.summary;
        } finally {
            rmSync(scratch, { recursive: true, force: true });
        }
    });
}

async function makeSafetyCopy(config: BackupConfig, store: string, signal: AbortSignal): Promise<void> {
    try {
        await runBackup(config, { store, tier: SAFETY_TIER, kind: "logical", signal });
    } catch (error) {
        if (!(error instanceof BackupError)) throw error;
        throw new BackupError(`no safety copy of what is live could be made: ${error.message}`, {
            exit: error.exit,
            remedy: `${error.remedy} Where the live data cannot be read any more: --no-safety-copy. Nothing was restored.`,
            cause: error,
        });
    }
}

/** Puts the newest prepared restore in its place; goes on with one that was interrupted. */
export function swapPrepared(config: BackupConfig, store: string, signal: AbortSignal): Promise<string[]> {
    return withNewest(
        config,
        store,
        (record) => record.restored.state === "prepared",
        "no restore that waits to be swapped in",
        async (record, scratch) => {
            const restored = await driverOf(config, store).swap(record.restored, { config, scratch, signal });
            writeRecord(config, { ...record, restored });
            return restored.summary;
        },
    );
}

/** Takes the newest restore back. */
export function undoRestore(config: BackupConfig, store: string, signal: AbortSignal): Promise<string[]> {
    return withNewest(
        config,
        store,
        (record) => record.restored.state === "swapped" && !record.undone,
        "no restore to undo",
        async (record, scratch) => {
            const said = await driverOf(config, store).undo(record.restored, { config, scratch, signal });
            writeRecord(config, { ...record, undone: true });
            return said;
        },
    );
}

function withNewest(
    config: BackupConfig,
    store: string,
    wanted: (record: RestoreRecord) => boolean,
    missing: string,
    action: (record: RestoreRecord, scratch: string) => Promise<string[]>,
): Promise<string[]> {
    storeOf(config, store);
    return withLock(join(config.stateDirectory, "locks"), store, "swap or undo of a restore", async () => {
        const record = readRecords(config, store).find(wanted);
        if (!record)
            throw new BackupError(`${store} has ${missing}`, {
                exit: EXIT.store,
                remedy: "`backup list` shows what can be restored.",
            });
        const scratch = makeScratch(config, "swap");
        try {
            return await action(record, scratch);
        } finally {
            rmSync(scratch, { recursive: true, force: true });
        }
    });
}

const directoryOf = (config: BackupConfig) => join(config.stateDirectory, "restores");

function writeRecord(config: BackupConfig, record: RestoreRecord): void {
    const directory = directoryOf(config);
    mkdirSync(directory, { recursive: true });
    const file = join(directory, `${record.store}.${record.at.replace(/\D/g, "")}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(record, undefined, 2));
    renameSync(`${file}.new`, file);
}

/** Newest first. */
function readRecords(config: BackupConfig, store: string): RestoreRecord[] {
    const directory = directoryOf(config);
    mkdirSync(directory, { recursive: true });
    return readdirSync(directory)
        .filter((name) => name.startsWith(`${store}.`) && name.endsWith(".json"))
        .sort()
        .reverse()
        .map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")) as RestoreRecord);
}
