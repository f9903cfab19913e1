/**
 * The migration commands of the systems' documents, behind the small programs of `bin/`.
 *
 *     node migrate.cjs up | down | status | seed
 */
import { Settings } from "../config/settings";
import { createLogger, forModule, type Logger } from "../observe/log";
import { findProfile } from "../profiles";
import type { SqlStore } from "../stores/types";
import { type Migration, MIGRATIONS, SEEDS } from "./migrations";
import { migrateDown, migrateUp, pendingMigrations } from "./run";

type Command = (store: SqlStore, migrations: Migration[], logger: Logger, system: string) => Promise<void>;

const COMMANDS: Record<string, Command> = {
    async up(store, migrations, logger) {
        const done = await migrateUp(store, migrations, logger);
        logger.info(done.length === 0 ? "nothing to migrate" : `applied ${done.length} migrations`);
    },
    async down(store, migrations, logger) {
        if ((await migrateDown(store, migrations, logger)) === undefined) logger.info("nothing to revert");
    },
    async status(store, migrations) {
        const pending = await pendingMigrations(store, migrations);
        for (const { version } of migrations)
            console.log(`${pending.includes(version) ? "pending" : "applied"} ${version}`);
    },
    async seed(store, _migrations, logger, system) {
        const sql = SEEDS[system];
        if (sql === undefined) throw new Error(`${system} has nothing to seed`);
        await store.exclusively((session) => session.run(sql));
        logger.info("seeded");
    },
};

async function main(): Promise<void> {
    const name = process.argv[2] ?? "";
    const command = COMMANDS[name];
    if (!command) throw new Error(`unknown command "${name}": use ${Object.keys(COMMANDS).join(", ")}`);
    const profile = findProfile(process.env.SAMPLE_PROFILE);
    if (!profile.database) throw new Error(`${profile.title}: this service has no database to migrate`);
    const settings = new Settings(profile.variables, process.env, profile.check);
    const root = createLogger({
        format: profile.logFormat,
        level: settings.text("LOG_LEVEL"),
        secrets: settings.secrets,
    });
    const logger = forModule(root, profile.logFormat, "migrate");
    const store = profile.database(settings, logger);
    try {
        await command(store, MIGRATIONS[profile.system] ?? [], logger, profile.system);
    } finally {
        await store.close();
    }
}

main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
});
