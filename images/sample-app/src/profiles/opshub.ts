/** DevInfra OpsHub: API, queue workers and web app. */
import type { App } from "../app";
import { base64, flag, minLength, url } from "../config/rules";
import type { Variable } from "../config/settings";
import { Queue } from "../queue/queue";
import { check } from "../routes/health";
import { addPageRoutes } from "../routes/page";
import { addQueueMetrics, type QueueStores, setUpQueueApi, setUpQueueWorker } from "./queue";
import {
    cacheFromUrl,
    commonVariables,
    credential,
    DATABASE_URL,
    databaseFromUrl,
    migrated,
    REDIS_URL,
} from "./shared";
import type { Profile } from "./types";

const BACKEND: Variable[] = [
    ...commonVariables(4000),
    DATABASE_URL,
    REDIS_URL,
    { name: "JWT_SECRET", required: true, rule: minLength(32), secret: true },
    { name: "ENCRYPTION_KEY_BASE64", required: true, rule: base64(32), secret: true },
    credential("GITHUB_CLIENT_ID"),
    credential("GITHUB_CLIENT_SECRET"),
    credential("GITHUB_WEBHOOK_SECRET"),
    { name: "API_BASE_URL", default: "http://localhost:4000", rule: url("http", "https") },
    { name: "WEB_BASE_URL", default: "http://localhost:3000", rule: url("http", "https") },
    { name: "ALLOW_TEST_LOGIN", default: "0", rule: flag },
    { name: "DISABLE_SLACK", default: "0", rule: flag },
    { name: "USE_MOCK_PROVIDER", default: "0", rule: flag },
    credential("VERCEL_TOKEN", false),
    { name: "VERCEL_PROJECT_ID" },
    credential("NETLIFY_TOKEN", false),
    { name: "NETLIFY_SITE_ID" },
    credential("SLACK_BOT_TOKEN", false),
    { name: "SLACK_CHANNEL" },
];

const WEB: Variable[] = [
    ...commonVariables(3000),
    { name: "NEXT_PUBLIC_API_BASE_URL", default: "http://localhost:4000", rule: url("http", "https") },
];

function openStores(app: App): QueueStores {
    const db = app.own(databaseFromUrl(app.settings, app.logger("Postgres")));
    const cache = app.own(cacheFromUrl(app.settings, app.logger("Redis")));
    // "waiting" is what the runbook for failed previews asks for.
    const queue = new Queue("bull:preview-queue", "waiting", cache.client);
    app.router.add("GET", "/healthz", () => ({ body: { ok: true } }));
    app.router.add("GET", "/readyz", async () => {
        const [database, redis] = await Promise.all([check(migrated(db, "opshub")), check(cache)]);
        const ok = database.ok && redis.ok;
        return { status: ok ? 200 : 503, body: { ok, database: database.details, redis: redis.details } };
    });
    addQueueMetrics(app, queue);
    return { db, cache, queue };
}

function setUpApi(app: App): void {
    setUpQueueApi(app, openStores(app), { jobs: "/api/deployments", audit: "Audit" });
}

function setUpWorker(app: App): void {
    setUpQueueWorker(app, openStores(app), "DeploymentProcessor");
}

function setUpWeb(app: App): void {
    const apiBase = app.settings.text("NEXT_PUBLIC_API_BASE_URL");
    addPageRoutes(app.router, { title: "DevInfra OpsHub", apiBase, healthPath: "/healthz" });
}

const base = { system: "opshub", title: "DevInfra OpsHub", logFormat: "metadata" } as const;

const STORES = { database: databaseFromUrl, cache: cacheFromUrl } as const;

export const opsHubApi: Profile = { ...base, variables: BACKEND, setUp: setUpApi, ...STORES };
export const opsHubWorker: Profile = { ...base, variables: BACKEND, setUp: setUpWorker, ...STORES };
export const opsHubWeb: Profile = { ...base, variables: WEB, setUp: setUpWeb };
