/** The copy on the machine: a second repository, for restores without the bucket. */
import { type BackupEntry, readCatalog } from "./catalog";
import type { BackupConfig } from "./config";
import { openLocalCopy, openRepository } from "./repository/open";

/** Copies one backup, from the bucket's side, so that what is copied is what was uploaded. Does nothing where no copy is asked for. */
export async function copyLocally(
    config: BackupConfig,
    { id }: Pick<BackupEntry, "id">,
    signal: AbortSignal,
): Promise<void> {
    const local = openLocalCopy(config, { signal });
    if (!local) return;
    const main = openRepository(config, { signal });
    const [{ parts: all }] = await Promise.all([readCatalog(main), local.prepare()]);
    const parts = all.get(id) ?? [];
    await local.copyFrom(
        main,
        parts.map(({ snapshot }) => snapshot),
    );
}
