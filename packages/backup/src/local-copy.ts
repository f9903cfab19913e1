/** The copy on the machine: a second repository, for restores without the bucket. */
import { type BackupEntry, readCatalog } from "./catalog";
import type { BackupConfig } from "./config";
import { BackupError } from "./errors";
import { setGauge } from "./gauges";
import { log } from "./log";
import { openLocalCopy, openRepository } from "./repository/open";

/**
 * Copies one backup where a copy is asked for. The backup counts without it, so what goes wrong is logged and shown in the metrics: to make
 * the backup again would not bring the copy.
 */
export async function copyLocally(config: BackupConfig, entry: CopiedEntry, signal: AbortSignal): Promise<void> {
    if (!config.localCopy) return;
    const { id, store } = entry;
    let failed = 0;
    try {
        await copy(config, id, signal);
    } catch (error) {
        failed = 1;
        const remedy = error instanceof BackupError ? error.remedy : undefined;
        log.error(
            { store, id, remedy, err: remedy ? undefined : error },
            `copying to the machine: ${(error as Error).message}`,
        );
    }
    setGauge(config.stateDirectory, {
        name: "local_copy_failed",
        help: "1 when the last backup could not be copied to the machine.",
        labels: { store },
        value: failed,
    });
}

type CopiedEntry = Pick<BackupEntry, "id" | "store">;

/** From the bucket's side, so that what is copied is what was uploaded. */
async function copy(config: BackupConfig, id: string, signal: AbortSignal): Promise<void> {
    const local = openLocalCopy(config, { signal })!;
    const main = openRepository(config, { signal });
    const [{ parts: all }] = await Promise.all([readCatalog(main), local.prepare()]);
    const parts = all.get(id) ?? [];
    await local.copyFrom(
        main,
        parts.map(({ snapshot }) => snapshot),
    );
}
