/** What the last runs came to, by store and tier, on the state volume: for metrics, and for runs that were missed. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface TierHistory {
    /** Unix seconds. */
    lastStart: number;
    lastSuccess?: number;
    lastFailure?: number;
    /** Since the state volume was made. */
    failures: number;
    /** Of the last success. */
    seconds?: number;
    bytes?: number;
    addedBytes?: number;
    /** Of the last failure, without secrets: it is the error's own message. */
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

/** One process writes it at a time: runs of one toolbox are one after another, and each is renamed into place whole. */
export function recordRun(directory: string, key: string, change: Partial<TierHistory>): void {
    mkdirSync(directory, { recursive: true });
    const history = readHistory(directory);
    history[key] = { ...(history[key] ?? { lastStart: 0, failures: 0 }), ...change };
    const draft = `${file(directory)}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(history, undefined, 2));
    renameSync(draft, file(directory));
}
