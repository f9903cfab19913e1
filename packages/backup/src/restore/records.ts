/** What restores there were, on the state volume: `swap` and `undo` go by it. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { BackupConfig } from "../config";
import type { Restored } from "../stores/driver";

export interface RestoreRecord {
    store: string;
    backup: string;
    at: string;
    /** Name that whoever asked for it gave it. */
    run?: string;
    restored: Restored;
    undone: boolean;
    /** What it had set aside is removed: it cannot be undone any more. */
    cleared?: boolean;
}

const directoryOf = (config: BackupConfig) => join(config.stateDirectory, "restores");

export function writeRecord(config: BackupConfig, record: RestoreRecord): void {
    const directory = directoryOf(config);
    mkdirSync(directory, { recursive: true });
    const file = join(directory, `${record.store}.${record.at.replace(/\D/g, "")}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(record, undefined, 2));
    renameSync(`${file}.new`, file);
}

/** Newest first. */
export function readRecords(config: BackupConfig, store: string): RestoreRecord[] {
    const directory = directoryOf(config);
    mkdirSync(directory, { recursive: true });
    return readdirSync(directory)
        .filter((name) => name.startsWith(`${store}.`) && name.endsWith(".json"))
        .sort()
        .reverse()
        .map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")) as RestoreRecord);
}
