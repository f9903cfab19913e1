/**
 * One run a store. The lock is a file on the state volume that its holder touches every few seconds; a lock is stale when its process is
 * gone from this container, or when no sign of life has come from another one for a while. No other lock is ever broken.
 */
import { randomUUID } from "node:crypto";
import {
    closeSync,
    fsyncSync,
    linkSync,
    mkdirSync,
    openSync,
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
    /** This hold's own: one process holds a store many times. */
    id: string;
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

/**
 * The holder of a lock that cannot be read, as a power loss may leave one: in no space that is known, only its age tells whether it is
 * stale.
 */
const UNKNOWN: Holder = {
    id: "",
    host: "an unknown machine",
    space: "",
    pid: 0,
    started: "",
    operation: "an unknown run",
    since: "an unknown time",
};

/** Whose locks, and how long they are waited for. */
export type Locks = Pick<BackupConfig, "stateDirectory" | "lockWaitSeconds">;

/**
 * Does `action` while nobody else holds `store`, for which it waits: two schedules may come at the same time, and a restore may be asked
 * for while one runs.
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
    const id = randomUUID();
    for (let told = false; ; told = true) {
        const holder = acquire(file, store, operation, id);
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
        release(file, id);
    }
}

/** Takes the lock, also a stale one. @returns who else holds it; undefined when it has been taken */
function acquire(file: string, store: string, operation: string, id: string): Holder | undefined {
    const own: Holder = {
        id,
        host: hostname(),
        space: ownSpace(),
        pid: process.pid,
        started: startOf(process.pid) ?? "",
        operation,
        since: new Date().toISOString(),
    };
    const draft = `${file}.${id}`;
    try {
        writeFlushed(draft, JSON.stringify(own));
        for (;;) {
            if (unless("EEXIST", () => linkSync(draft, file))) return undefined;
            const found = look(file);
            // Released meanwhile.
            if (!found) continue;
            return found.stale && takeOver(file, draft, store) ? undefined : found.holder;
        }
    } finally {
        rmSync(draft, { force: true });
    }
}

/**
 * Puts `draft` in a stale lock's place. One run at a time does, and looks again: what was stale before may be over by now, and another
 * one's lock be there.
 *
 * @returns whether it did
 */
function takeOver(file: string, draft: string, store: string): boolean {
    const breaking = `${file}.breaking`;
    if (!unless("EEXIST", () => writeFileSync(breaking, "", { flag: "wx" }))) {
        // Of one that was killed. Removed now and made at the next look: whoever is about to remove it as well would else remove the new
        // one.
        const since = statSync(breaking, { throwIfNoEntry: false })?.mtimeMs;
        if (since !== undefined && Date.now() - since > DEAD_AFTER_MS) rmSync(breaking, { force: true });
        return false;
    }
    try {
        const found = look(file);
        if (!found?.stale) return false;
        renameSync(draft, file);
        log.warn({ store, holder: found.holder, why: found.stale }, "a stale lock is broken");
        return true;
    } finally {
        rmSync(breaking, { force: true });
    }
}

/** On the disk before it gets the lock's name: a power loss would else leave a lock that says nothing. */
function writeFlushed(file: string, text: string): void {
    const handle = openSync(file, "wx");
    try {
        writeFileSync(handle, text);
        fsyncSync(handle);
    } finally {
        closeSync(handle);
    }
}

/** Not where it has been broken, and is another one's by now. */
function release(file: string, id: string): void {
    if (readHolder(file)?.id === id) rmSync(file, { force: true });
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

/** Who holds the lock, and why it is stale where it is. Undefined: nobody holds it. */
function look(file: string): { holder: Holder; stale?: string } | undefined {
    const holder = readHolder(file);
    const touched = statSync(file, { throwIfNoEntry: false });
    return holder && touched && { holder, stale: staleness(holder, touched.mtimeMs) };
}

/** Undefined: nobody holds it. */
function readHolder(file: string): Holder | undefined {
    try {
        return JSON.parse(readFileSync(file, "utf8")) as Holder;
    } catch (error) {
        if (error instanceof SyntaxError) return UNKNOWN;
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
