import type { Logger } from "../observe/log";
import type { SqlStore } from "../stores/types";
import type { Migration } from "./migrations";

/** Applies what is missing, in order. Two at once are safe: the second waits, and then finds nothing to do. */
export async function migrateUp(store: SqlStore, migrations: Migration[], logger: Logger): Promise<string[]> {
    return store.exclusively(async (session) => {
        const applied = await session.applied();
        const unknown = applied.filter((version) => !migrations.some((migration) => migration.version === version));
        // An older release must be able to start again after a newer one's migrations: that is what a rollback is.
        if (unknown.length > 0) logger.warn({ unknown }, "the database has migrations of a newer release");
        const missing = migrations.filter((migration) => !applied.includes(migration.version));
        for (const { version, up } of missing) {
            await session.apply(version, up);
            logger.info({ action: "migrate", version }, `applied ${version}`);
        }
        return missing.map((migration) => migration.version);
    });
}

/** Takes back the newest applied migration; returns its version, or undefined when there is none. */
export async function migrateDown(
    store: SqlStore,
    migrations: Migration[],
    logger: Logger,
): Promise<string | undefined> {
    return store.exclusively(async (session) => {
        const newest = (await session.applied()).at(-1);
        if (newest === undefined) return undefined;
        const migration = migrations.find(({ version }) => version === newest);
        if (!migration) throw new Error(`${newest} is of another release: revert it with that release's image`);
        await session.revert(newest, migration.down);
        logger.info({ action: "revert", version: newest }, `reverted ${newest}`);
        return newest;
    });
}

/** Versions that are not applied yet. */
export async function pendingMigrations(store: SqlStore, migrations: Migration[]): Promise<string[]> {
    const applied = await store.appliedMigrations();
    return migrations.map((migration) => migration.version).filter((version) => !applied.includes(version));
}
