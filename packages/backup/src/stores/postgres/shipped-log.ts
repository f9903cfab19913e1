/** The write-ahead log that is in the repository: brought back for a restore, and removed when no backup needs it. */
import type { BackupConfig } from "../../config";
import { log } from "../../log";
import { cacheOf } from "../../repository/open";
import { Repository } from "../../repository/repository";
import { positionsBetween } from "./segments";

/** The log's own, so that pruning the other one never holds it up. */
export function logRepository(
    config: BackupConfig,
    options: { signal?: AbortSignal; deletes?: boolean } = {},
): Repository {
    return new Repository({ config: config.repository, cacheDirectory: cacheOf(config), folder: "wal", ...options });
}

interface LogSnapshot {
    id: string;
    generation: string;
    last: string;
    /** Number of the cluster. */
    system: string;
}

/** The newest snapshot of each generation, oldest first. */
async function generations(
    repository: Repository,
    name: string,
): Promise<{ newest: LogSnapshot[]; superseded: string[] }> {
    const newest = new Map<string, LogSnapshot>();
    const superseded: string[] = [];
    for (const { id, tags = [] } of await repository.snapshots([`store:${name}`])) {
        const value = (key: string) => tags.find((tag) => tag.startsWith(`${key}:`))?.slice(key.length + 1) ?? "";
        const earlier = newest.get(value("generation"));
        if (earlier) superseded.push(earlier.id);
        newest.set(value("generation"), {
            id,
            generation: value("generation"),
            last: value("last"),
            system: value("system"),
        });
    }
    return { newest: [...newest.values()].sort((a, b) => (a.generation < b.generation ? -1 : 1)), superseded };
}

/** Where the log begins that a restore needs. */
export interface LogStart {
    /** Its first segment. */
    first: string;
    /** Number of the cluster: the log of another one has the same names. */
    system: string;
    segmentBytes: number;
}

/** Puts everything that was shipped of a cluster since a segment into a folder. */
export async function fetchLog(
    config: BackupConfig,
    name: string,
    { first, system, segmentBytes }: LogStart,
    target: string,
    signal: AbortSignal,
): Promise<void> {
    const repository = logRepository(config, { signal });
    const { newest } = await generations(repository, name);
    // Names within one timeline sort as they follow each other; a later timeline sorts after.
    const wanted = newest.filter((one) => one.system === system && one.last.slice(8) >= first.slice(8));
    for (const [index, { id, last }] of wanted.entries()) {
        // The oldest of them may begin long before.
        const include = index === 0 ? [...positionsBetween(first, last, segmentBytes), "*.history"] : [];
        await repository.restore(id, target, include);
        log.info({ store: name, last }, "fetched log");
    }
}

/** The oldest backup of files: where its log begins, of which cluster it is, and when it was made. */
export interface OldestFiles {
    first: string;
    system: string;
    at: Date;
}

/**
 * Removes snapshots that a later one of their generation holds too, and generations that end before the oldest backup begins; those of a
 * cluster before that one's have nothing left to be replayed on.
 */
export async function pruneLog(
    config: BackupConfig,
    name: string,
    oldest: OldestFiles,
    signal?: AbortSignal,
): Promise<void> {
    const repository = logRepository(config, { signal, deletes: true });
    const [{ newest, superseded }] = await Promise.all([generations(repository, name), repository.unlock()]);
    const isOver = ({ system, last, generation }: LogSnapshot): boolean =>
        system === oldest.system
            ? last.slice(8) < oldest.first.slice(8)
            : generation < oldest.at.toISOString().replace(/\D/g, "");
    const over = newest.filter(isOver).map(({ id }) => id);
    await repository.forget([...superseded, ...over]);
    if (superseded.length + over.length > 0) await repository.prune();
}
