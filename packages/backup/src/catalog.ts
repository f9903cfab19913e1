/** The backups that a repository has, from the tags of their manifests; reading each manifest would take a request for each. */
import { BackupError, EXIT } from "./errors";
import { type Manifest, manifestSchema } from "./manifest";
import type { Snapshot } from "./repository/messages";
import type { Repository } from "./repository/repository";

export interface BackupEntry {
    id: string;
    store: string;
    method: string;
    tier: string;
    /** When it was started. */
    at: Date;
    /** Snapshot of its manifest. */
    snapshot: string;
}

export const MANIFEST = "manifest.json";

/** Tier of the copies that are made before a restore. */
export const SAFETY_TIER = "safety";

/** Tags of one part of a backup. restic splits them at commas. */
export function tagsOf(entry: Omit<BackupEntry, "snapshot">, part: string): string[] {
    const { id, store, method, tier, at } = entry;
    return [`id:${id}`, `store:${store}`, `method:${method}`, `tier:${tier}`, `at:${at.toISOString()}`, `part:${part}`];
}

/** Reads `tagsOf` back; undefined for a snapshot of another make. */
function entryOf({ id: snapshot, tags = [] }: Snapshot): (BackupEntry & { part: string }) | undefined {
    const values = Object.fromEntries(
        tags.map((tag) => [tag.slice(0, tag.indexOf(":")), tag.slice(tag.indexOf(":") + 1)]),
    );
    const { id, store, method, tier, at, part } = values;
    if (!id || !store || !method || !tier || !at || !part) return undefined;
    return { id, store, method, tier, at: new Date(at), part, snapshot };
}

export interface Catalog {
    /** Whole backups, newest first. */
    backups: BackupEntry[];
    /** Snapshots of parts, by backup and part. */
    parts: Map<string, { part: string; snapshot: string; at: Date }[]>;
}

export async function readCatalog(repository: Repository): Promise<Catalog> {
    return catalogOf(await repository.snapshots());
}

export function catalogOf(snapshots: Snapshot[]): Catalog {
    const catalog: Catalog = { backups: [], parts: new Map() };
    for (const snapshot of snapshots) {
        const entry = entryOf(snapshot);
        if (!entry) continue;
        const { part, ...rest } = entry;
        if (part === MANIFEST) catalog.backups.push(rest);
        const parts = catalog.parts.get(entry.id) ?? [];
        parts.push({ part, snapshot: snapshot.id, at: entry.at });
        catalog.parts.set(entry.id, parts);
    }
    catalog.backups.sort((a, b) => b.at.getTime() - a.at.getTime());
    return catalog;
}

/**
 * The backup that `--at` means: `latest`, an id (or its beginning), or a time, for which it is the newest that was started before.
 * @throws BackupError that names what there is
 */
export function select(backups: BackupEntry[], store: string, at: string, method?: string): BackupEntry {
    const own = backups.filter((one) => one.store === store && (method === undefined || one.method === method));
    const time = /^\d{4}-\d\d-\d\d/.test(at) ? new Date(at) : undefined;
    const found =
        at === "latest"
            ? own[0]
            : time
              ? own.find((one) => one.at.getTime() <= time.getTime())
              : own.find((one) => one.id.startsWith(at));
    if (found) return found;
    const newest = own.slice(0, 5).map((one) => `${one.id} (${one.at.toISOString()})`);
    throw new BackupError(
        `${store} has no ${method ?? ""} backup ${at === "latest" ? "" : `for ${at}`}`.replace(/ +/g, " ").trim(),
        {
            exit: EXIT.store,
            remedy:
                newest.length === 0
                    ? `Make one: backup run ${store}`
                    : `There are ${newest.join(", ")}; all of them: backup list`,
        },
    );
}

/** The newest backup of each store and method, without the copies from before a restore. @param backups newest first */
export function newestOfEach(backups: BackupEntry[]): BackupEntry[] {
    const seen = new Set<string>();
    return backups.filter(({ store, method, tier }) => {
        const kind = `${store} ${method}`;
        if (tier === SAFETY_TIER || seen.has(kind)) return false;
        seen.add(kind);
        return true;
    });
}

export async function readManifest(repository: Repository, entry: BackupEntry): Promise<Manifest> {
    const text = await repository.readText(entry.snapshot, MANIFEST);
    const result = manifestSchema.safeParse(parsed(text));
    if (result.success) return result.data;
    throw new BackupError(`the manifest of ${entry.id} is of another version of the toolbox: ${result.error.message}`, {
        exit: EXIT.verification,
        remedy: "Restore it with the toolbox of the release that made it.",
    });
}

/** Undefined where it is no JSON, which is no manifest either. */
function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
