/** MCP Project Manager: backend on SQLite or Postgres, and frontend. */
import type { App } from "../app";
import { integer, minLength, origins, postgresUrl, url } from "../config/rules";
import type { Settings, Variable } from "../config/settings";
import type { Logger } from "../observe/log";
import { check, now, VERSION } from "../routes/health";
import { addCacheRoutes, addItemRoutes } from "../routes/items";
import { addPageRoutes } from "../routes/page";
import { SqliteStore } from "../stores/sqlite";
import type { SqlStore } from "../stores/types";
import { cacheFromUrl, commonVariables, migrated, postgres, REDIS_URL } from "./shared";
import type { Profile } from "./types";

const SQLITE = "sqlite:///";

const BACKEND: Variable[] = [
    ...commonVariables(8000),
    {
        name: "DATABASE_URL",
        default: "sqlite:///./sql_app.db",
        rule: (value) => (value.startsWith(SQLITE) ? undefined : postgresUrl(value)),
        secret: true,
    },
    REDIS_URL,
    { name: "SECRET_KEY", required: true, rule: minLength(32), secret: true },
    { name: "CORS_ORIGINS", rule: origins },
    { name: "LOG_DIR", default: "logs" },
    { name: "CACHE_EXPIRATION", default: "300", rule: integer(1, 86_400) },
];

const FRONTEND: Variable[] = [
    ...commonVariables(3000),
    { name: "NEXT_PUBLIC_API_URL", default: "http://localhost:8000", rule: url("http", "https") },
];

/** `sqlite:///relative`, `sqlite:////absolute`, as SQLAlchemy reads them, or a Postgres connection string. */
function database(settings: Settings, logger: Logger): SqlStore {
    const address = settings.text("DATABASE_URL");
    return address.startsWith(SQLITE)
        ? new SqliteStore(address.slice(SQLITE.length))
        : postgres(address, false, logger);
}

function setUpBackend(app: App): void {
    const db = app.own(database(app.settings, app.logger("database")));
    const cache = app.own(cacheFromUrl(app.settings, app.logger("redis")));
    app.router.add("GET", "/health", async () => {
        const { ok, details } = await check(migrated(db, "project-manager"));
        return {
            status: ok ? 200 : 503,
            body: {
                status: ok ? "healthy" : "unhealthy",
                timestamp: now(),
                version: VERSION,
                database: ok ? "connected" : "disconnected",
                ...(!ok && { error: details.error }),
            },
        };
    });
    addItemRoutes(app.router, "/api/items", db.items, app.logger("audit"));
    addCacheRoutes(app.router, cache, app.settings.number("CACHE_EXPIRATION"));
}

function setUpFrontend(app: App): void {
    const apiBase = app.settings.text("NEXT_PUBLIC_API_URL");
    addPageRoutes(app.router, { title: "MCP Project Manager", apiBase, healthPath: "/health" });
}

const base = { system: "project-manager", title: "MCP Project Manager", logFormat: "flat" } as const;

export const projectManagerBackend: Profile = {
    ...base,
    variables: BACKEND,
    logFiles: (settings) => ({ directory: settings.text("LOG_DIR") }),
    setUp: setUpBackend,
    database,
    cache: cacheFromUrl,
};
export const projectManagerFrontend: Profile = { ...base, variables: FRONTEND, setUp: setUpFrontend };
