/** `backup verify`: what was stored, read back and compared with its manifest. */
import { newestOfEach, readCatalog, select } from "./catalog";
import type { BackupConfig } from "./config";
import { openForReading, readerOf } from "./restore/restore";

export interface VerifyOptions {
    /** All where none is named. */
    store?: string;
    at: string;
    local: boolean;
    /** Every byte of the repository, whatever backup it is of. */
    readData: boolean;
    signal?: AbortSignal;
}

/** @returns ids of the backups that were verified. @throws BackupError at the first that is not whole */
export async function verify(config: BackupConfig, options: VerifyOptions): Promise<string[]> {
    const repository = openForReading(config, options.local, options.signal);
    await repository.check(options.readData);
    const catalog = await readCatalog(repository);
    const entries = options.store
        ? [select(catalog.backups, options.store, options.at)]
        : newestOfEach(catalog.backups);
    for (const entry of entries) await (await readerOf(config, repository, catalog, entry)).verify();
    return entries.map(({ id }) => id);
}
