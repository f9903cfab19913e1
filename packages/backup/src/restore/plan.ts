/** What a restore would do, for people and for `gw restore`; nothing else happens. */
import { readCatalog, readManifest } from "../catalog";
import type { BackupConfig } from "../config";
import type { Manifest } from "../manifest";
import { driverOf } from "../stores";
import type { Plan } from "../stores/driver";
import { chooseBackup, refuseForeign } from "./choose";
import { openForReading, type RestoreOptions } from "./restore";

export interface RestorePlan extends Plan {
    stack: string;
    store: string;
    backup: Manifest;
    safetyCopy: boolean;
}

/** @throws BackupError when there is no such backup, or it cannot be restored so */
export async function planRestore(config: BackupConfig, options: RestoreOptions): Promise<RestorePlan> {
    const { store, local, safetyCopy, signal } = options;
    refuseForeign(config, options);
    const repository = openForReading(config, local, signal);
    const catalog = await readCatalog(repository);
    const entry = await chooseBackup(config, repository, catalog, options);
    const backup = await readManifest(repository, entry);
    return { stack: config.stack, store, backup, safetyCopy, ...driverOf(config, store).plan(backup, options) };
}

export function planText({ stack, store, backup, safetyCopy, steps }: RestorePlan): string[] {
    const { id, pointAt, method, release } = backup;
    return [
        `restore ${store} of ${stack} from ${id}, which is of ${pointAt} (${method}, release ${release})`,
        safetyCopy ? "back up what is live now, first" : "take no backup of what is live now",
        ...steps,
    ];
}
