/** DEBT-OS: API and queue workers. */
import type { App } from "../app";
import { flag, integer, minLength, origins, url } from "../config/rules";
import type { Settings, Variable } from "../config/settings";
import type { Logger } from "../observe/log";
import { Queue } from "../queue/queue";
import { storeHealth } from "../routes/health";
import type { PostgresStore } from "../stores/postgres";
import { RedisStore } from "../stores/redis";
import { addQueueMetrics, type QueueStores, setUpQueueApi, setUpQueueWorker } from "./queue";
import { commonVariables, credential, DATABASE_URL, migrated, postgres, REDIS_URL } from "./shared";
import type { Profile } from "./types";

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

function openStores(app: App): QueueStores {
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
    setUpQueueApi(app, openStores(app), { jobs: "/api/scans", audit: "audit" });
}

function setUpWorker(app: App): void {
    setUpQueueWorker(app, openStores(app), "worker");
}

const base = {
    system: "debt-os",
    title: "DEBT-OS",
    check: checkGroups,
    logFormat: "context",
    database,
    cache: redis,
} as const;

export const debtOsApi: Profile = { ...base, variables: API, setUp: setUpApi };
export const debtOsWorker: Profile = { ...base, variables: COMMON, setUp: setUpWorker };
