/** OpenCode Development Platform: backend on SQLite and Memgraph, and frontend. */
import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { App } from "../app";
import { base64, decimal, flag, integer, origins, url } from "../config/rules";
import type { Settings, Variable } from "../config/settings";
import { AiClient, addAiRoutes } from "../routes/ai";
import { check, now, processMetrics, VERSION } from "../routes/health";
import { addItemRoutes } from "../routes/items";
import { addPageRoutes } from "../routes/page";
import { GraphStore } from "../stores/graph";
import { SqliteStore } from "../stores/sqlite";
import { commonVariables, credential, migrated } from "./shared";
import type { Profile } from "./types";

/** How long a health check waits for what a store says of itself, in milliseconds. */
const REPORT_MS = 1000;

const BACKEND: Variable[] = [
    ...commonVariables(3000),
    { name: "FRONTEND_URL", required: true, rule: url("http", "https") },
    credential("OPENROUTER_API_KEY"),
    { name: "OPENROUTER_BASE_URL", default: "https://openrouter.ai/api/v1", rule: url("http", "https") },
    { name: "DEFAULT_AI_MODEL", default: "gpt-4o-mini" },
    { name: "AI_TEMPERATURE", default: "0.7", rule: decimal(0, 2) },
    { name: "AI_MAX_TOKENS", default: "4000", rule: integer(1, 1_000_000) },
    { name: "AI_TIMEOUT_MS", default: "30000", rule: integer(1, 600_000) },
    { name: "MEMGRAPH_URI", required: true, rule: url("bolt", "bolt+s", "bolt+ssc") },
    { name: "MEMGRAPH_USERNAME", default: "" },
    { name: "MEMGRAPH_PASSWORD", default: "", secret: true },
    { name: "SQLITE_PATH", default: "./data/taskmaster.db" },
    { name: "ENCRYPTION_KEY", required: true, rule: base64(32), secret: true },
    { name: "JWT_SECRET", required: true, rule: base64(64), secret: true },
    { name: "ALLOWED_ORIGINS", required: true, rule: origins },
    { name: "ENABLE_CACHING", default: "true", rule: flag },
    { name: "CACHE_TTL", default: "3600", rule: integer(0, 31_536_000) },
    { name: "MAX_PROJECT_SIZE_MB", default: "500", rule: integer(1, 1_000_000) },
    { name: "MAX_FILE_SIZE_MB", default: "10", rule: integer(1, 1_000_000) },
    { name: "SENTRY_DSN", secret: true },
    { name: "METRICS_ENABLED", default: "true", rule: flag },
];

function database(settings: Settings): SqliteStore {
    return new SqliteStore(settings.text("SQLITE_PATH"));
}

function setUpBackend(app: App): void {
    const { settings, metrics, router } = app;
    const db = app.own(database(settings));
    const graph = app.own(
        new GraphStore({
            uri: settings.text("MEMGRAPH_URI"),
            username: settings.get("MEMGRAPH_USERNAME") ?? "",
            password: settings.get("MEMGRAPH_PASSWORD") ?? "",
            duration: metrics.histogram("graph_query_duration_seconds", "Graph query duration", [0.1, 0.5, 1, 2, 5]),
        }),
    );
    const ai = new AiClient(settings, metrics);
    metrics.gauge("memgraph_connected", "Whether Memgraph answers", async () => ((await check(graph)).ok ? 1 : 0));

    router.add("GET", "/api/health", async () => {
        const [memgraph, filesystem] = await Promise.all([
            // Told of, and not waited for: whoever asks whether the process is alive waits for two seconds in dev.
            Promise.race([check(graph), sleep(REPORT_MS, { ok: false }, { ref: false })]),
            canWrite(dirname(settings.text("SQLITE_PATH"))),
        ]);
        return {
            body: {
                // That the process serves. What it depends on is below, and never a reason to restart it.
                status: "ok",
                timestamp: now(),
                version: VERSION,
                services: {
                    memgraph: memgraph.ok ? "connected" : "disconnected",
                    filesystem: filesystem ? "ok" : "error",
                    ai: ai.health().status,
                },
                metrics: processMetrics(),
            },
        };
    });
    router.add("GET", "/api/health/deep", async () => {
        const [memgraph, sqlite] = await Promise.all([check(graph), check(migrated(db, "opencode"))]);
        const ok = memgraph.ok && sqlite.ok;
        const checks = { memgraph: memgraph.details, sqlite: sqlite.details, ai: ai.health() };
        return { status: ok ? 200 : 503, body: { status: ok ? "ok" : "error", checks } };
    });
    addItemRoutes(router, "/api/items", db.items, app.logger("audit"));
    addItemRoutes(router, "/api/graph/items", graph.items, app.logger("audit"));
    addAiRoutes(router, ai);
}

function setUpFrontend(app: App): void {
    addPageRoutes(app.router, { title: "OpenCode Development Platform", apiBase: "", healthPath: "/api/health" });
}

async function canWrite(directory: string): Promise<boolean> {
    return access(directory, constants.W_OK).then(
        () => true,
        () => false,
    );
}

const base = { system: "opencode", title: "OpenCode Development Platform", logFormat: "flat" } as const;

export const openCodeBackend: Profile = {
    ...base,
    variables: BACKEND,
    metricsPrefix: "opencode_",
    setUp: setUpBackend,
    database,
};
export const openCodeFrontend: Profile = { ...base, variables: commonVariables(5173), setUp: setUpFrontend };
