/** The repositories of a configuration. */
import { join } from "node:path";

import type { BackupConfig } from "../config";
import { Repository } from "./repository";

interface OpenOptions {
    signal?: AbortSignal;
    /** With the identity that may delete. */
    deletes?: boolean;
}

/** Where every backup goes. */
export function openRepository(config: BackupConfig, options: OpenOptions = {}): Repository {
    return new Repository({ config: config.repository, cacheDirectory: cacheOf(config), ...options });
}

/** The copy on the machine, with the same password. */
export function openLocalCopy(config: BackupConfig, options: OpenOptions = {}): Repository | undefined {
    if (!config.localCopy) return undefined;
    const local = {
        kind: "directory" as const,
        path: config.localCopy.path,
        passwordFile: config.repository.passwordFile,
    };
    return new Repository({ config: local, cacheDirectory: cacheOf(config), ...options });
}

/** One for each user: a restore may run as root, and restic tries for a quarter of an hour to read what root has put there. */
export function cacheOf(config: BackupConfig): string {
    return join(config.stateDirectory, `restic-cache-${process.getuid?.() ?? "any"}`);
}
