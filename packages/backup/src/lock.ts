/**
 * One run a store. The lock is a file on the state volume that its holder touches every few seconds; a lock is stale when its process is
 * gone from this container, or when no sign of life has come from another one for a while. No other lock is ever broken.
 */
import { randomUUID } from "node:crypto";
import {
    linkSync,
    mkdirSync,
    readFileSync,
    readlinkSync,
    renameSync,
    rmSync,
    statSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { BackupConfig } from "./config";
import { BackupError, EXIT } from "./errors";
import { log } from "./log";

const LOOK_AGAIN_MS = 500;
const SIGN_OF_LIFE_MS = 10_000;
/** Who has been silent for so long is dead; long enough for a machine that swaps. */
const DEAD_AFTER_MS = 90_000;

interface Holder {
    /** For people. */
    host: string;
    /** What its process number counts in: two containers of one name have each a first process. */
    space: string;
    pid: number;
    /** Start time of the process in clock ticks since boot: numbers are used again. */
    started: string;
    operation: string;
    since: string;
}

/** Whose locks, and how long they are waited for. */
export type Locks = Pick<BackupConfig, "stateDirectory" | "lockWaitSeconds">;

/**
 * Does `action` while nobody else holds `store`, for which it waits: two schedules may come at the same time, and a restore may be asked for
 * while one runs.
 *
 * @throws BackupError that names the holder, when it still holds the store after `lockWaitSeconds` or when `signal` ends the wait
 */
export async function withLock<T>(
    { stateDirectory, lockWaitSeconds }: Locks,
    store: string,
    operation: string,
    action: () => Promise<T>,
    signal?: AbortSignal,
): Promise<T> {
    const directory = join(stateDirectory, "locks");
    mkdirSync(directory, { recursive: true });
    const file = join(directory, `${store}.lock`);
    const until = Date.now() + lockWaitSeconds * 1000;
    for (let told = false; ; told = true) {
        const holder = acquire(file, store, operation);
        if (!holder) break;
        if (Date.now() >= until || signal?.aborted) throw busy(store, holder);
        if (!told) log.warn({ store, holder }, "waiting for the store");
        await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
    const alive = setInterval(() => giveSign(file, store), SIGN_OF_LIFE_MS);
    try {
        return await action();
    } finally {
        clearInterval(alive);
        release(file);
    }
}

/** Takes the lock, also a stale one. @returns who else holds it; undefined when it has been taken */
function acquire(file: string, store: string, operation: string): Holder | undefined {
    const own: Holder = {
        host: hostname(),
        space: ownSpace(),
        pid: process.pid,
        started: startOf(process.pid) ?? "",
        operation,
        since: new Date().toISOString(),
    };
    // A name of its own: host and number are also those of another container's first process.
    const draft = `${file}.${randomUUID()}`;
    writeFileSync(draft, JSON.stringify(own));
    try {
        // Twice: once more after a stale lock has been moved away.
        for (const last of [false, true]) {
            if (unless("EEXIST", () => linkSync(draft, file))) return undefined;
            const holder = readHolder(file);
            const touched = statSync(file, { throwIfNoEntry: false });
            // Released meanwhile.
            if (!holder || !touched) continue;
            const why = staleness(holder, touched.mtimeMs);
            if (last || !why) return holder;
            if (bury(file, holder, `${draft}.stale`)) log.warn({ store, holder, why }, "a stale lock is broken");
        }
        return readHolder(file) ?? own;
    } finally {
        rmSync(draft, { force: true });
    }
}

/**
 * Moves a stale lock away. Of two that find it stale, the second one moves nothing, or what the first one has taken since: that is put back.
 *
 * @returns whether it is gone
 */
function bury(file: string, stale: Holder, grave: string): boolean {
    if (!unless("ENOENT", () => renameSync(file, grave))) return false;
    const gone = JSON.stringify(readHolder(grave)) === JSON.stringify(stale);
    if (!gone) unless("EEXIST", () => linkSync(grave, file));
    rmSync(grave, { force: true });
    return gone;
}

/** Not where it has been broken, and is another one's by now. */
function release(file: string): void {
    const holder = readHolder(file);
    if (holder?.space === ownSpace() && holder.pid === process.pid) rmSync(file, { force: true });
}

/** Fails where the lock has been broken, which is no reason to end the process in the middle of what it does. */
function giveSign(file: string, store: string): void {
    try {
        utimesSync(file, new Date(), new Date());
    } catch (error) {
        log.warn({ store, error: (error as Error).message }, "the lock shows no sign of life");
    }
}

/** @returns false when it fails with this code */
function unless(code: string, action: () => void): boolean {
    try {
        action();
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== code) throw error;
        return false;
    }
}

/** Undefined: nobody holds it. */
function readHolder(file: string): Holder | undefined {
    try {
        return JSON.parse(readFileSync(file, "utf8")) as Holder;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}

function staleness(holder: Holder, touchedMs: number): string | undefined {
    if (holder.space === ownSpace()) return startOf(holder.pid) === holder.started ? undefined : "its process is gone";
    const silentMs = Date.now() - touchedMs;
    return silentMs > DEAD_AFTER_MS
        ? `no sign of life from ${holder.host} for ${Math.round(silentMs / 1000)} s`
        : undefined;
}

/** This boot's process namespace. */
function ownSpace(): string {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
}

/** Field 22 of /proc/<pid>/stat; undefined where there is no such process. */
function startOf(pid: number): string | undefined {
    try {
        const text = readFileSync(`/proc/${pid}/stat`, "utf8");
        return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}

function busy(store: string, { host, pid, operation, since }: Holder): BackupError {
    return new BackupError(`${store} is busy: ${operation} since ${since} (process ${pid} on ${host})`, {
        exit: EXIT.busy,
        remedy: "Wait for it, or end that process. A lock of a dead one is broken by the next run.",
    });
}
