/** `backup prune`: what the retention no longer keeps, and what interrupted runs have left. */
import { type BackupEntry, type Catalog, readCatalog, readManifest, SAFETY_TIER } from "./catalog";
import type { BackupConfig } from "./config";
import type { Retention } from "./config.stores";
import { log } from "./log";
import { openLocalCopy, openRepository } from "./repository/open";
import type { Repository } from "./repository/repository";
import { expired } from "./retention";
import { pruneLog } from "./stores/postgres/shipped-log";

/** Parts without a manifest are of a run that goes on, or of one that was interrupted; no run takes so long. */
const UNFINISHED_AFTER_MS = 2 * 24 * 3600 * 1000;

/** Safety copies from before restores. */
const SAFETY: Retention = { days: 7 };

/** @returns ids of the backups that are gone */
export async function prune(config: BackupConfig, signal?: AbortSignal): Promise<string[]> {
    const repository = openRepository(config, { signal, deletes: true });
    const removed = await pruneRepository(config, repository, (store) => config.stores[store]?.retention);
    await pruneLogs(config, repository, signal);
    const local = openLocalCopy(config, { signal, deletes: true });
    if (local) {
        const { days } = config.localCopy!;
        await local.prepare();
        await pruneRepository(config, local, () => ({ days }));
    }
    return removed;
}

/** The write-ahead log from before the oldest backup of files that there is. */
async function pruneLogs(config: BackupConfig, repository: Repository, signal?: AbortSignal): Promise<void> {
    const { backups } = await readCatalog(repository);
    for (const [name, store] of Object.entries(config.stores)) {
        if (store.driver !== "postgres" || !store.wal) continue;
        const oldest = backups.filter((one) => one.store === name && one.method === "physical").at(-1);
        if (!oldest) continue;
        const { first, system } = (await readManifest(repository, oldest)).details as { first: string; system: string };
        await pruneLog(config, name, { first, system, at: oldest.at }, signal);
    }
}

async function pruneRepository(
    config: BackupConfig,
    repository: Repository,
    retentionOf: (store: string) => Retention | undefined,
): Promise<string[]> {
    const [catalog] = await Promise.all([readCatalog(repository), repository.unlock()]);
    const gone = expiredBackups(catalog.backups, retentionOf, config.timeZone);
    const snapshots = gone.flatMap(({ id }) => (catalog.parts.get(id) ?? []).map(({ snapshot }) => snapshot));
    const unfinished = unfinishedParts(catalog, new Date());
    if (unfinished.length > 0) log.warn({ count: unfinished.length }, "parts of interrupted runs are removed");
    await repository.forget([...snapshots, ...unfinished]);
    if (snapshots.length + unfinished.length > 0) await repository.prune();
    return gone.map(({ id }) => id);
}

/** A store that is not configured any more keeps what it has: that is for people to decide. */
export function expiredBackups(
    backups: BackupEntry[],
    retentionOf: (store: string) => Retention | undefined,
    timeZone: string,
): BackupEntry[] {
    const groups = new Map<string, BackupEntry[]>();
    for (const entry of backups) {
        // Each method is a way back of its own, and a safety copy stands for no day's backup.
        const key = `${entry.store}/${entry.method}/${entry.tier === SAFETY_TIER}`;
        const group = groups.get(key);
        if (group) group.push(entry);
        else groups.set(key, [entry]);
    }
    return [...groups.values()].flatMap((group) => {
        const retention = group[0]!.tier === SAFETY_TIER ? SAFETY : retentionOf(group[0]!.store);
        return retention ? expired(group, retention, timeZone) : [];
    });
}

function unfinishedParts(catalog: Catalog, now: Date): string[] {
    const whole = new Set(catalog.backups.map(({ id }) => id));
    return [...catalog.parts]
        .filter(([id]) => !whole.has(id))
        .flatMap(([, parts]) => parts.filter(({ at }) => now.getTime() - at.getTime() > UNFINISHED_AFTER_MS))
        .map(({ snapshot }) => snapshot);
}
