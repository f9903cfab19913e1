/** What the last runs came to, by store and tier, on the state volume: for metrics, and for runs that were missed. */
import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { withLock } from "./lock";

export interface TierHistory {
    /** Unix seconds. */
    lastStart: number;
    lastSuccess?: number;
    lastFailure?: number;
    /** Since the state volume was made. */
    failures: number;
    /** How long the last success took. */
    seconds?: number;
    bytes?: number;
    addedBytes?: number;
    /** Why the last failure was one, without secrets: the error's own message. */
    error?: string;
}

/** By `<store>/<tier>`. */
export type History = Record<string, TierHistory>;

const file = (directory: string) => join(directory, "history.json");

export function readHistory(directory: string): History {
    try {
        return JSON.parse(readFileSync(file(directory), "utf8")) as History;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
        throw error;
    }
}

/** No store's name has a dot. */
const LOCK = "history.json";
/** Whoever holds it writes one small file; longer than it takes to tell that one who was killed at that is dead. */
const LOCK_WAIT_SECONDS = 120;

/** Runs that are asked for, and containers of one command, write it beside the scheduler. Whoever reads it sees a whole one. */
export async function recordRun(
    directory: string,
    key: string,
    change: (before: TierHistory) => Partial<TierHistory>,
): Promise<void> {
    const write = (): Promise<void> => {
        const history = readHistory(directory);
        const before = history[key] ?? { lastStart: 0, failures: 0 };
        history[key] = { ...before, ...change(before) };
        const draft = `${file(directory)}.${randomUUID()}`;
        try {
            writeFileSync(draft, JSON.stringify(history, undefined, 2));
            renameSync(draft, file(directory));
        } finally {
            // Where the disk is full.
            rmSync(draft, { force: true });
        }
        return Promise.resolve();
    };
    const locks = { stateDirectory: directory, lockWaitSeconds: LOCK_WAIT_SECONDS };
    await withLock(locks, LOCK, "history of the runs", write);
}
