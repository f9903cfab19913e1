/** A configuration, and a repository that answers without restic. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { afterAll, vi } from "vitest";

import { type BackupEntry, MANIFEST, tagsOf } from "../../../packages/backup/src/catalog";
import { type BackupConfig, parseConfig } from "../../../packages/backup/src/config";
import type { Manifest } from "../../../packages/backup/src/manifest";
import type { Snapshot } from "../../../packages/backup/src/repository/messages";
import { Repository } from "../../../packages/backup/src/repository/repository";
import { temporary } from "../../temporary";

/** Files of one worker share their modules, and one that is loaded already is none that `lock.test.ts` can have its own `node:fs` in. */
afterAll(() => {
    vi.resetModules();
});

/** With stores of files of these names. */
export function toolboxOf(stores: string[], more: object = {}): BackupConfig {
    const directory = temporary("toolbox");
    const store = {
        driver: "files",
        directory: join(directory, "data"),
        schedules: [{ name: "daily", cron: "0 2 * * *", kind: "full" }],
        retention: { days: 7 },
    };
    mkdirSync(store.directory);
    const text = JSON.stringify({
        ...{ version: 1, stack: "lab-dev", system: "lab", release: "1", lockWaitSeconds: 0 },
        stateDirectory: join(directory, "state"),
        scratchDirectory: join(directory, "scratch"),
        repository: { kind: "directory", path: join(directory, "repository"), passwordFile: "/password" },
        stores: Object.fromEntries(stores.map((name) => [name, store])),
        ...more,
    });
    return parseConfig(text, "test");
}

export function entryOf(store: string, at: string, tier = "daily"): BackupEntry {
    const id = `${at.replace(/\D/g, "")}-${store}-files`;
    return { id, store, method: "files", tier, at: new Date(at), snapshot: `manifest-of-${id}` };
}

export function manifestOf({ id, store, method, tier, at }: BackupEntry): Manifest {
    const time = at.toISOString();
    return {
        ...{ version: 1, stack: "lab-dev", system: "lab", release: "1", driver: "files", seconds: 1, addedBytes: 0 },
        ...{ id, store, method, tier, startedAt: time, pointAt: time, verifiedAt: time },
        ...{ versions: {}, parts: [], contents: {}, details: {} },
    };
}

/** The repository has these; a manifest is read with `read`. */
export function stored(
    entries: BackupEntry[],
    read: (entry: BackupEntry) => string = (entry) => JSON.stringify(manifestOf(entry)),
): void {
    const snapshots: Snapshot[] = entries.map((entry) => {
        return { id: entry.snapshot, time: entry.at.toISOString(), tags: tagsOf(entry, MANIFEST) };
    });
    vi.spyOn(Repository.prototype, "snapshots").mockResolvedValue(snapshots);
    vi.spyOn(Repository.prototype, "prepare").mockResolvedValue(snapshots);
    vi.spyOn(Repository.prototype, "check").mockResolvedValue();
    vi.spyOn(Repository.prototype, "readText").mockImplementation((snapshot) =>
        Promise.resolve().then(() => read(entries.find((one) => one.snapshot === snapshot)!)),
    );
    vi.spyOn(Repository.prototype, "text").mockResolvedValue({
        ...{ snapshot_id: "new", total_files_processed: 1, total_bytes_processed: 1, data_added_packed: 1 },
    });
}
