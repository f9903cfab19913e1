/** `backup run`: one store captured, read back, and only then told of. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type BackupEntry, type Catalog, catalogOf, MANIFEST, tagsOf } from "./catalog";
import type { BackupConfig } from "./config";
import type { Kind } from "./config.stores";
import { BackupError, EXIT } from "./errors";
import { readHistory, recordRun } from "./history";
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

/** Makes one backup. @throws BackupError; then nothing of it counts, and what was there before is untouched */
export async function runBackup(config: BackupConfig, request: RunRequest): Promise<Manifest> {
    const { store, tier } = request;
    const key = `${store}/${tier}`;
    const seconds = (time: Date) => Math.floor(time.getTime() / 1000);
    storeOf(config, store);
    const failures = readHistory(config.stateDirectory)[key]?.failures ?? 0;
    try {
        const locked = async (): Promise<Manifest> => {
            const startedAt = new Date();
            recordRun(config.stateDirectory, key, { lastStart: seconds(startedAt) });
            return capture(config, request, startedAt);
        };
        const manifest = await withLock(config, store, `backup (${tier})`, locked, request.signal);
        const bytes = manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
        recordRun(config.stateDirectory, key, {
            lastSuccess: seconds(new Date(manifest.verifiedAt)),
            seconds: manifest.seconds,
            bytes,
            addedBytes: manifest.addedBytes,
        });
        log.info(
            { store, tier, id: manifest.id, bytes, addedBytes: manifest.addedBytes, seconds: manifest.seconds },
            "backed up and read back",
        );
        return manifest;
    } catch (error) {
        recordRun(config.stateDirectory, key, {
            lastFailure: seconds(new Date()),
            failures: failures + 1,
            error: (error as Error).message,
        });
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
    const scratch = makeScratch(config, "run");
    const writer = new PartWriter(repository, entry, (part) => driver.check(part));
    try {
        const captured = await driver.capture(kind, writer, { config, scratch, signal });
        await writer.readBack();
        const verifiedAt = new Date();
        const { stack, system, release } = config;
        const manifest: Manifest = {
            version: 1,
            id: entry.id,
            ...{ stack, system, release, store, driver: settings.driver, method, tier },
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

/** A folder for one run, emptied by it. */
export function makeScratch(config: BackupConfig, purpose: string): string {
    mkdirSync(config.scratchDirectory, { recursive: true });
    return mkdtempSync(join(config.scratchDirectory, `${purpose}-`));
}
