/** `backup run`: one store captured, read back, and only then told of. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type BackupEntry, type Catalog, catalogOf, MANIFEST, tagsOf } from "./catalog";
import type { BackupConfig } from "./config";
import type { Kind } from "./config.stores";
import { BackupError, EXIT } from "./errors";
import { recordRun } from "./history";
import { copyLocally } from "./local-copy";
import { withLock } from "./lock";
import { log } from "./log";
import type { Manifest } from "./manifest";
import { PartWriter } from "./repository/parts";
import { openRepository } from "./repository/open";
import { driverOf, storeOf } from "./stores";

/** Clocks of machines that keep time differ by less. */
const CLOCK_TOLERANCE_MS = 120_000;

export interface RunRequest {
    store: string;
    /** Name of the schedule, `manual` or `safety`. */
    tier: string;
    kind: Kind;
    signal?: AbortSignal;
}

/**
 * Makes one backup. A copy on the machine that fails is told of, and the backup counts all the same.
 * @throws BackupError; then nothing of it counts, and what was there before is untouched
 */
export async function runBackup(config: BackupConfig, request: RunRequest): Promise<Manifest> {
    const { store, tier } = request;
    const key = `${store}/${tier}`;
    const seconds = (time: Date) => Math.floor(time.getTime() / 1000);
    storeOf(config, store);
    try {
        const locked = async (): Promise<Manifest> => {
            const startedAt = new Date();
            await recordRun(config.stateDirectory, key, () => ({ lastStart: seconds(startedAt) }));
            return capture(config, request, startedAt);
        };
        const manifest = await withLock(config, store, `backup (${tier})`, locked, request.signal);
        const bytes = manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
        await recordRun(config.stateDirectory, key, () => ({
            lastSuccess: seconds(new Date(manifest.verifiedAt)),
            seconds: manifest.seconds,
            bytes,
            addedBytes: manifest.addedBytes,
        }));
        log.info(
            { store, tier, id: manifest.id, bytes, addedBytes: manifest.addedBytes, seconds: manifest.seconds },
            "backed up and read back",
        );
        return manifest;
    } catch (error) {
        await recordRun(config.stateDirectory, key, ({ failures }) => ({
            lastFailure: seconds(new Date()),
            failures: failures + 1,
            error: (error as Error).message,
        }));
        throw error;
    }
}

async function capture(config: BackupConfig, request: RunRequest, startedAt: Date): Promise<Manifest> {
    const { store, tier, kind } = request;
    const settings = storeOf(config, store);
    const timeout = AbortSignal.timeout(settings.timeoutSeconds * 1000);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    const repository = openRepository(config, { signal });
    refuseWrongClock(catalogOf(await repository.prepare()), startedAt);
    const driver = driverOf(config, store);
    const method = driver.method(kind);
    const entry = { id: idOf(startedAt, store, method), store, method, tier, at: startedAt };
    const scratch = makeScratch(config, "run", store);
    const writer = new PartWriter(repository, entry, (part) => driver.check(part));
    try {
        const captured = await driver.capture(kind, writer, { config, scratch, signal });
        await writer.readBack();
        const verifiedAt = new Date();
        const { stack, system, release } = config;
        const manifest: Manifest = {
            version: 1,
            id: entry.id,
            stack,
            system,
            release,
            store,
            driver: settings.driver,
            method,
            tier,
            startedAt: startedAt.toISOString(),
            pointAt: captured.pointAt.toISOString(),
            verifiedAt: verifiedAt.toISOString(),
            seconds: (verifiedAt.getTime() - startedAt.getTime()) / 1000,
            versions: captured.versions,
            parts: writer.parts,
            contents: captured.contents,
            canary: captured.canary,
            addedBytes: writer.addedBytes,
            details: captured.details ?? {},
        };
        await repository.text(MANIFEST, tagsOf(entry, MANIFEST), JSON.stringify(manifest, undefined, 2));
        await copyLocally(config, entry, signal);
        return manifest;
    } catch (error) {
        await writer.settled();
        throw error;
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

/** `20261124T020000Z-postgres-logical`, with milliseconds so that two of a second differ. */
function idOf(at: Date, store: string, method: BackupEntry["method"]): string {
    return `${at.toISOString().replace(/[-:.]/g, "")}-${store}-${method}`;
}

/** A clock that runs behind would put new backups before old ones, and a restore of the latest would take an old one. */
function refuseWrongClock({ backups: [newest] }: Catalog, now: Date): void {
    if (!newest || newest.at.getTime() <= now.getTime() + CLOCK_TOLERANCE_MS) return;
    throw new BackupError(
        `the clock is wrong: it says ${now.toISOString()}, and the newest backup is of ${newest.at.toISOString()}`,
        {
            exit: EXIT.repository,
            remedy: "Set this machine's clock. If that backup's was the wrong one, forget it by hand (restic forget).",
        },
    );
}

/**
 * A folder for one run, removed by it. @param lock which the caller holds: folders of earlier holders are of runs that were killed, and go
 * first, with the copies of data in them
 */
export function makeScratch(config: BackupConfig, purpose: string, lock: string): string {
    const { scratchDirectory } = config;
    mkdirSync(scratchDirectory, { recursive: true });
    // No name of a lock has a dot. Of each user its own, since what root has left cannot be removed by others.
    const own = `${lock}.${process.getuid?.() ?? "any"}.`;
    for (const name of readdirSync(scratchDirectory).filter((one) => one.startsWith(own)))
        clear(scratchDirectory, name);
    return mkdtempSync(join(scratchDirectory, `${own}${purpose}-`));
}

/** What cannot be removed keeps nobody from a backup. */
function clear(directory: string, name: string): void {
    try {
        rmSync(join(directory, name), { recursive: true, force: true });
        log.warn({ name }, "what a killed run left is removed");
    } catch (error) {
        log.error({ name, error: (error as Error).message }, "what a killed run left cannot be removed");
    }
}
