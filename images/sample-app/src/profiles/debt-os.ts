/** DEBT-OS: API and queue workers. */
import { createHash } from "node:crypto";

import type { App } from "../app";
import { flag, integer, minLength, origins, url } from "../config/rules";
import type { Settings, Variable } from "../config/settings";
import type { Logger } from "../observe/log";
import { Queue } from "../queue/queue";
import type { Job } from "../queue/queue";
import { Worker } from "../queue/worker";
import { storeHealth } from "../routes/health";
import { addCacheRoutes, addItemRoutes } from "../routes/items";
import type { PostgresStore } from "../stores/postgres";
import { RedisStore } from "../stores/redis";
import { addQueueMetrics, addQueueRoutes, commonVariables, credential, migrated, postgres } from "./shared";
import { DATABASE_URL, REDIS_URL } from "./shared";
import type { Profile } from "./types";

const CACHE_SECONDS = 300;

/** Either a connection string or its parts. */
const STORES: Variable[] = [
    { ...DATABASE_URL, required: false },
    { name: "DB_HOST" },
    { name: "DB_PORT", default: "5432", rule: integer(1, 65535) },
    { name: "DB_USERNAME" },
    { name: "DB_PASSWORD", secret: true },
    { name: "DB_DATABASE" },
    { name: "DB_SSL", default: "false", rule: flag },
    { ...REDIS_URL, required: false },
    { name: "REDIS_HOST" },
    { name: "REDIS_PORT", default: "6379", rule: integer(1, 65535) },
    { name: "REDIS_PASSWORD", secret: true },
];

const LLM: Variable[] = [credential("OPENAI_API_KEY", false), credential("ANTHROPIC_API_KEY", false)];

const COMMON: Variable[] = [...commonVariables(3001), ...STORES, ...LLM, { name: "REPO_STORAGE_PATH", required: true }];

const API: Variable[] = [
    ...COMMON,
    { name: "JWT_SECRET", required: true, rule: minLength(64), secret: true },
    { name: "JWT_EXPIRES_IN", required: true },
    credential("GITHUB_CLIENT_ID"),
    credential("GITHUB_CLIENT_SECRET"),
    { name: "GITHUB_CALLBACK_URL", required: true, rule: url("http", "https") },
    credential("GITLAB_CLIENT_ID", false),
    credential("GITLAB_CLIENT_SECRET", false),
    { name: "GITLAB_CALLBACK_URL", rule: url("http", "https") },
    { name: "CORS_ORIGIN", required: true, rule: origins },
];

function checkGroups(settings: Settings): string[] {
    const set = (names: string[]) => names.every((name) => settings.get(name) !== undefined);
    const problems: string[] = [];
    if (!set(["DATABASE_URL"]) && !set(["DB_HOST", "DB_USERNAME", "DB_PASSWORD", "DB_DATABASE"])) {
        problems.push("DATABASE_URL is required, or DB_HOST, DB_USERNAME, DB_PASSWORD and DB_DATABASE");
    }
    if (!set(["REDIS_URL"]) && !set(["REDIS_HOST"])) problems.push("REDIS_URL is required, or REDIS_HOST");
    if (!set(["OPENAI_API_KEY"]) && !set(["ANTHROPIC_API_KEY"])) {
        problems.push("one of OPENAI_API_KEY and ANTHROPIC_API_KEY is required");
    }
    return problems;
}

function database(settings: Settings, logger: Logger): PostgresStore {
    const part = (name: string) => encodeURIComponent(settings.text(name));
    const address =
        settings.get("DATABASE_URL") ??
        `postgresql://${part("DB_USERNAME")}:${part("DB_PASSWORD")}@${settings.text("DB_HOST")}:${settings.text("DB_PORT")}/${part("DB_DATABASE")}`;
    return postgres(address, settings.flag("DB_SSL"), logger);
}

function redis(settings: Settings, logger: Logger): RedisStore {
    const password = settings.get("REDIS_PASSWORD");
    const user = password === undefined ? "" : `:${encodeURIComponent(password)}@`;
    const address = () => `redis://${user}${settings.text("REDIS_HOST")}:${settings.text("REDIS_PORT")}`;
    return new RedisStore(settings.get("REDIS_URL") ?? address(), logger);
}

function openStores(app: App) {
    const db = app.own(database(app.settings, app.logger("postgres")));
    const cache = app.own(redis(app.settings, app.logger("redis")));
    const queue = new Queue("bull:scan", "wait", cache.client);
    app.router.add("GET", "/api/health", () => ({ body: { status: "ok" } }));
    app.router.add("GET", "/api/health/db", () => storeHealth(migrated(db, "debt-os")));
    app.router.add("GET", "/api/health/redis", () => storeHealth(cache));
    addQueueMetrics(app, queue);
    return { db, cache, queue };
}

function setUpApi(app: App): void {
    const { db, cache, queue } = openStores(app);
    addItemRoutes(app.router, "/api/items", db.items, app.logger("audit"));
    addCacheRoutes(app.router, cache, CACHE_SECONDS);
    addQueueRoutes(app, "/api/scans", queue);
}

function setUpWorker(app: App): void {
    const { db, cache, queue } = openStores(app);
    app.run(
        new Worker({
            queue,
            blocking: cache.blocking(),
            logger: app.logger("worker"),
            metrics: app.metrics,
            process: (job) => recordJob(db, queue.name, job),
        }),
    );
}

/** What stands for a job's real work: a digest of its data, kept in the database, once however often the job runs. */
export async function recordJob(db: PostgresStore, queue: string, job: Job): Promise<void> {
    const data = JSON.stringify(job.data);
    const digest = createHash("sha256").update(data).digest("hex");
    await db.pool.query(
        "INSERT INTO jobs (queue, job_id, data, digest) VALUES ($1, $2, $3, $4) ON CONFLICT (queue, job_id) DO NOTHING",
        [queue, job.id, data, digest],
    );
}

const base = { system: "debt-os", title: "DEBT-OS", check: checkGroups, logFormat: "context", database } as const;

export const debtOsApi: Profile = { ...base, variables: API, setUp: setUpApi };
export const debtOsWorker: Profile = { ...base, variables: COMMON, setUp: setUpWorker };
