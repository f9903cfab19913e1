/** Which backup a restore means, and what it may be asked for. */
import { type BackupEntry, type Catalog, readManifest, SAFETY_TIER, select } from "../catalog";
import type { BackupConfig } from "../config";
import { BackupError, EXIT } from "../errors";
import type { Repository } from "../repository/repository";
import { driverOf, storeOf } from "../stores";
import type { RestoreOptions } from "./restore";

/** The newest backup that was finished before the time that is asked for; the one that is named; else the newest. */
export async function chooseBackup(
    config: BackupConfig,
    repository: Repository,
    catalog: Catalog,
    options: RestoreOptions,
): Promise<BackupEntry> {
    const { store, at, exact, time } = options;
    // A copy from before a restore is of data that was not wanted: only by its name.
    let backups = exact ? catalog.backups : catalog.backups.filter(({ tier }) => tier !== SAFETY_TIER);
    if (options.before) backups = backups.filter((entry) => entry.at < options.before!);
    const preferred = driverOf(config, store).preferredMethod;
    const hasPreferred = backups.some((entry) => entry.store === store && entry.method === preferred);
    const method = options.method ?? (!exact && hasPreferred ? preferred : undefined);
    for (;;) {
        const entry = select(backups, store, at, method);
        if (!time || Date.parse((await readManifest(repository, entry)).pointAt) <= time.getTime()) return entry;
        backups = backups.filter((one) => one !== entry);
    }
}

/** Options that only one kind of store has, which would do nothing for another. @throws BackupError */
export function refuseForeign(config: BackupConfig, options: RestoreOptions): void {
    const { store, database, table, method, graphOnly, into } = options;
    const { driver } = storeOf(config, store);
    const only = { postgres: { database, table, method }, memgraph: { "graph-only": graphOnly || undefined } };
    const wrong = Object.entries(only).flatMap(([kind, flags]) =>
        Object.entries(flags).flatMap(([flag, value]) => (value !== undefined && kind !== driver ? [`--${flag}`] : [])),
    );
    if (graphOnly && into) wrong.push("--into with --graph-only");
    if (wrong.length === 0) return;
    throw new BackupError(`${store} is restored by the ${driver} driver, which has no ${wrong.join(", ")}`, {
        exit: EXIT.configuration,
        remedy: "Leave it out; --plan shows what a restore would do.",
    });
}
