/** `backup restore`: a safety copy, the restore beside the live data, its proof, the swap, and the way back. */
import { rmSync } from "node:fs";

import { type BackupEntry, type Catalog, readCatalog, readManifest, SAFETY_TIER } from "../catalog";
import type { BackupConfig } from "../config";
import { BackupError, EXIT } from "../errors";
import { withLock } from "../lock";
import { log } from "../log";
import { PartReader } from "../repository/parts";
import { openLocalCopy, openRepository } from "../repository/open";
import type { Repository } from "../repository/repository";
import { makeScratch, runBackup } from "../run";
import { driverOf, storeOf } from "../stores";
import type { Context, Restored, RestoreRequest } from "../stores/driver";
import { chooseBackup, refuseForeign } from "./choose";
import { readRecords, type RestoreRecord, writeRecord } from "./records";

export interface RestoreOptions extends RestoreRequest {
    store: string;
    /** `latest`, a backup's id or a time. */
    at: string;
    /** From which kind of backup; default: the one that brings back most. */
    method?: string;
    /** Read from the copy on the machine. */
    local: boolean;
    /** Back the live data up first, where it can still be read and is replaced. Off only where there is none any more. */
    safetyCopy: boolean;
    /** Only of the backups that were begun before: those of a stack that was built anew since are of nothing. Default: all. */
    before?: Date;
    /** A name for this restore, by which `swap` and `undo` find it. Default: none. */
    run?: string;
    signal: AbortSignal;
}

/** Which restore of a store: the one of this name; default: the newest that it can be done to. */
export interface WhichRestore {
    store: string;
    run?: string;
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

export async function restore(config: BackupConfig, options: RestoreOptions): Promise<string[]> {
    const { store, local, signal } = options;
    refuseForeign(config, options);
    const repository = openForReading(config, local, signal);
    const catalog = await readCatalog(repository);
    const driver = driverOf(config, store);
    const entry = await chooseBackup(config, repository, catalog, options);
    // What a wrong command asks for is told before anything is done.
    const reader = await readerOf(config, repository, catalog, entry);
    driver.plan(reader.manifest, options);
    refuseHalfDone(config, store);
    // What is restored under another name replaces nothing.
    if (options.safetyCopy && !options.into) await makeSafetyCopy(config, store, signal);
    const prepareAndRestore = async (): Promise<string[]> => {
        const scratch = makeScratch(config, "restore", store);
        try {
            await clearPrepared(config, store, { config, scratch, signal });
            const { run } = options;
            const at = new Date().toISOString();
            let intended: RestoreRecord | undefined;
            const intend = (restored: Restored): void => {
                intended = { store, backup: entry.id, at, run, restored, undone: false };
                writeRecord(config, intended);
            };
            const restored = await driver
                .restore(reader, options, { config, scratch, signal, intend })
                .catch((error: unknown) => {
                    // Its driver has cleared away what it had prepared.
                    if (intended && isPrepared(intended)) writeRecord(config, { ...intended, undone: true });
                    throw error;
                });
            intend(restored);
            log.info({ store, backup: entry.id, state: restored.state }, "restored");
            return restored.summary;
        } finally {
            rmSync(scratch, { recursive: true, force: true });
        }
    };
    return withLock(config, store, `restore of ${entry.id}`, prepareAndRestore, signal);
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

/** What is prepared and was never swapped in makes room for the next one. */
async function clearPrepared(config: BackupConfig, store: string, context: Context): Promise<void> {
    for (const record of readRecords(config, store).filter(isPrepared)) {
        await driverOf(config, store).undo(record.restored, context);
        writeRecord(config, { ...record, undone: true });
    }
}

/** @throws BackupError when an earlier restore is neither here nor there: another one beside it would be of what nobody wants */
function refuseHalfDone(config: BackupConfig, store: string): void {
    const driver = driverOf(config, store);
    const half = readRecords(config, store).find((record) => isPrepared(record) && driver.undoStops(record.restored));
    if (!half) return;
    throw new BackupError(`the restore of ${half.backup} was interrupted while it was put in place`, {
        exit: EXIT.store,
        remedy: "Finish it (backup restore --swap) or take it back (--undo), with the store stopped.",
    });
}

const isPrepared = ({ restored, undone }: RestoreRecord) => restored.state === "prepared" && !undone;

/** Puts the newest prepared restore in its place; goes on with one that was interrupted. */
export function swapPrepared(config: BackupConfig, which: WhichRestore, signal: AbortSignal): Promise<string[]> {
    const record = find(
        config,
        which,
        (one) => isPrepared(one) || isSwapped(one),
        "no restore that waits to be swapped in",
    );
    // Of whoever asks again because nobody heard the first answer.
    if (isSwapped(record) && which.run !== undefined) return Promise.resolve(record.restored.summary);
    if (isSwapped(record)) throw missing(which, "no restore that waits to be swapped in");
    return withStore(config, which.store, signal, async (scratch) => {
        const restored = await driverOf(config, which.store).swap(record.restored, { config, scratch, signal });
        writeRecord(config, { ...record, restored });
        return restored.summary;
    });
}

/** Takes the newest restore back: what it replaced is live again, or what it had prepared is cleared away. */
export function undoRestore(config: BackupConfig, which: WhichRestore, signal: AbortSignal): Promise<string[]> {
    const record = find(config, which, isUndoable, "no restore to undo");
    return withStore(config, which.store, signal, async (scratch) => {
        const said = await driverOf(config, which.store).undo(record.restored, { config, scratch, signal });
        writeRecord(config, { ...record, undone: true });
        return said;
    });
}

/** Restores of a store that keep something for an undo, or of one, newest first. */
export function keptRestores(config: BackupConfig, store: string): Pick<RestoreRecord, "backup" | "at">[] {
    storeOf(config, store);
    return readRecords(config, store)
        .filter(keepsSomething)
        .map(({ backup, at }) => ({ backup, at }));
}

/**
 * Removes what earlier restores of a store have set aside; after that none of them can be undone.
 * @returns the backups that they were of
 */
export async function clearRestores(config: BackupConfig, store: string, signal?: AbortSignal): Promise<string[]> {
    storeOf(config, store);
    return withStore(config, store, signal, async () => {
        const records = readRecords(config, store).filter(keepsSomething);
        for (const record of records) {
            await driverOf(config, store).clear(record.restored);
            writeRecord(config, { ...record, cleared: true });
        }
        return records.map(({ backup }) => backup);
    });
}

/** Which restore `undoRestore` would take back, and whether the store must be stopped for it. */
export function planUndo(config: BackupConfig, which: WhichRestore): { backup: string; at: string; stops: boolean } {
    const { backup, at, restored } = find(config, which, isUndoable, "no restore to undo");
    return { backup, at, stops: driverOf(config, which.store).undoStops(restored) };
}

const keepsSomething = ({ restored, cleared }: RestoreRecord) => restored.state === "swapped" && !cleared;
const isSwapped = (record: RestoreRecord) => keepsSomething(record) && !record.undone;
const isUndoable = (record: RestoreRecord) => isPrepared(record) || isSwapped(record);

function find(
    config: BackupConfig,
    which: WhichRestore,
    wanted: (record: RestoreRecord) => boolean,
    what: string,
): RestoreRecord {
    storeOf(config, which.store);
    const { run } = which;
    const record = readRecords(config, which.store).find(
        (one) => wanted(one) && (run === undefined || one.run === run),
    );
    if (!record) throw missing(which, what);
    return record;
}

function missing({ store }: WhichRestore, what: string): BackupError {
    return new BackupError(`${store} has ${what}`, {
        exit: EXIT.store,
        remedy: "`backup list` shows what can be restored.",
    });
}

function withStore(
    config: BackupConfig,
    store: string,
    signal: AbortSignal | undefined,
    action: (scratch: string) => Promise<string[]>,
): Promise<string[]> {
    const withScratch = async () => {
        const scratch = makeScratch(config, "swap", store);
        try {
            return await action(scratch);
        } finally {
            rmSync(scratch, { recursive: true, force: true });
        }
    };
    return withLock(config, store, "swap or undo of a restore", withScratch, signal);
}
