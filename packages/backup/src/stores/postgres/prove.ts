/** A logical backup, restored into a server of this container's own. */
import { join } from "node:path";

import { BackupError, EXIT } from "../../errors";
import type { Contents } from "../../manifest";
import type { Context, Source } from "../driver";
import { withClient } from "./connect";
import { contentsOf, hasCanary } from "./contents";
import { createDatabase, createMissingRoles, loadDump } from "./databases";
import { GLOBALS } from "./logical";
import { incomingOf, databasesIn } from "./incoming";
import { initCluster, refuseRoot, withThrowaway } from "./throwaway";

/** Rows and checksums of every database that came back. @throws BackupError when the canary did not */
export async function proveLogical(source: Source, main: string, { scratch, signal }: Context): Promise<Contents> {
    refuseRoot();
    const directory = join(scratch, "cluster");
    await initCluster(directory);
    const globals = await source.readText(GLOBALS);
    const contents: Contents = {};
    // Nothing of this outlives the drill, so that nothing needs to reach the disk.
    const settings = { fsync: "off", full_page_writes: "off", max_wal_size: "4GB" };
    await withThrowaway({ directory, user: "postgres", settings, scratch }, async (server) => {
        await withClient(server, "template1", (client) => createMissingRoles(client, globals));
        for (const database of databasesIn(source.manifest)) {
            const incoming = await incomingOf(source, database, scratch);
            if (database !== "postgres")
                await withClient(server, "template1", (client) => createDatabase(client, database, incoming.shape));
            await loadDump(server, database, incoming.dump, { signal });
            await withClient(server, database, async (client) => {
                Object.assign(contents, await contentsOf(client, database));
                const { canary } = source.manifest;
                if (database === main && canary && !(await hasCanary(client, canary)))
                    throw canaryMissing(source.manifest.id);
            });
        }
    });
    return contents;
}

export function canaryMissing(id: string): BackupError {
    return new BackupError(`the row that was written just before ${id} is not in it`, {
        exit: EXIT.verification,
        remedy: "The backup is older than it says. Make a new one, and compare the store's clock and replica with its own.",
    });
}
