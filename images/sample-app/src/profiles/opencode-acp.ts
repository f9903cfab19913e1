/** OpenCode-Zed ACP: JSON-RPC on /acp, sessions in Postgres and on disk. */
import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type { App } from "../app";
import { MIGRATIONS } from "../migrate/migrations";
import { migrateUp } from "../migrate/run";
import { addAcpRoutes } from "../routes/acp";
import { check } from "../routes/health";
import { addItemRoutes } from "../routes/items";
import type { PostgresStore } from "../stores/postgres";
import { commonVariables, credential, DATABASE_URL, databaseFromUrl, migrated } from "./shared";
import type { Profile } from "./types";

/** Between two attempts to bring the schema up to date, in milliseconds. */
const MIGRATION_PAUSE_MS = 1000;

function setUp(app: App): void {
    const { settings, router } = app;
    const db = app.own(databaseFromUrl(settings, app.logger("postgres")));
    const sessions = settings.text("SESSIONS_PATH");
    mkdirSync(sessions, { recursive: true });
    app.background((signal) => migrateWhenReachable(db, app, signal));
    addAcpRoutes(app, db.pool, sessions);
    router.add("GET", "/api/health", () => ({ body: { status: "ok" } }));
    router.add("GET", "/api/health/db", async () => {
        const { ok, details } = await check(migrated(db, "opencode-acp"));
        return { status: ok ? 200 : 503, body: details };
    });
    addItemRoutes(router, "/api/items", db.items, app.logger("audit"));
}

/** The document has no migration command, so the service brings its schema up to date itself. */
async function migrateWhenReachable(db: PostgresStore, app: App, signal: AbortSignal): Promise<void> {
    const logger = app.logger("migrate");
    while (!signal.aborted) {
        try {
            await migrateUp(db, MIGRATIONS["opencode-acp"]!, logger);
            return;
        } catch (error) {
            logger.warn({ error: { message: (error as Error).message } }, "migrations have to wait for the database");
            await sleep(MIGRATION_PAUSE_MS);
        }
    }
}

export const openCodeAcp: Profile = {
    system: "opencode-acp",
    title: "OpenCode-Zed ACP",
    variables: [
        ...commonVariables(3000),
        DATABASE_URL,
        credential("ANTHROPIC_API_KEY", false),
        { name: "CONFIG_PATH", default: "/etc/opencode" },
        { name: "SESSIONS_PATH", default: "/var/lib/opencode/sessions" },
        { name: "LOG_FILE", default: "/var/log/opencode-acp.log" },
    ],
    logFormat: "flat",
    // The runbooks look for ERROR and WARN.
    logFiles: (settings) => ({ file: settings.text("LOG_FILE") }),
    setUp,
    database: databaseFromUrl,
};
