/** MCP Project Manager. Section names are those of its "Operations Guide". */
import { takenOverAlerts } from "./shared/alerts";
import { edge, EDGE_ACCESS_LOG, EDGE_VOLUMES } from "./shared/edge";
import { env, NODE_ENV_VALUE } from "./shared/env";
import { httpProbe, postgresProbe, probe, redisProbe, SERVICE_TIMING } from "./shared/probes";
import { TUNING_FOR_1_GIB } from "./shared/postgres";
import { daily, HOURLY_FOR_RPO, takenOverObjectives } from "./shared/recovery";
import { devResources, resources, sized, volume } from "./shared/resources";
import { alphanumeric, derived, POSTGRES_PASSWORD, REDIS_PASSWORD } from "./shared/secrets";
import type { Backup, EnvVar, Mount, RedisStore, Secret, Service, System, SystemVariant, Volume } from "./types";

/**
 * The document's file `sql_app.db` in the backend's directory, in a folder of its own, so that a volume can hold it.
 */
const SQLITE_PATH = "/app/data/sql_app.db";

/** The document's `backend/logs`. */
const LOGS = "/app/logs";

/** Database connection errors: `DATABASE_URL` in backend/.env. With SQLite it holds no secret. */
const SQLITE_URL: EnvVar = env("DATABASE_URL", "Database", {
    required: true,
    documentDefault: "sqlite:///./sql_app.db",
    value: `sqlite:///${SQLITE_PATH}`,
});
const SQLITE_MOUNT: Mount = { volume: "sqlite-data", path: "/app/data" };

const backend: Service = {
    name: "backend",
    role: "backend",
    image: "project-manager-backend",
    // System Health: http://localhost:8000/health.
    port: 8000,
    // SQLite has one writer, and the audit log is a file: one.
    replicas: { default: 1 },
    single: "Its log files, and SQLite where that is its database, have one writer.",
    maxReplicas: 1,
    // Silent; a FastAPI process with some workers.
    resources: sized(devResources(512), resources([0.25, 1], [256, 1024])),
    env: [
        SQLITE_URL,
        // The document names no other variable; these are chosen here.
        env("PORT", "Port of the API", { documentDefault: "8000", value: "8000" }),
        env("CORS_ORIGINS", "Origins that may call the API from a browser", { value: "{url}" }),
        env("LOG_DIR", "Directory of the four log files", { documentDefault: "logs", value: LOGS }),
        env("LOG_LEVEL", "Logging level", { value: { default: "info", dev: "debug" } }),
        // Caching Strategy: `cache_result(expiration=300)`.
        env("CACHE_EXPIRATION", "Lifetime of a cached answer in seconds", { documentDefault: "300", value: "300" }),
    ],
    secrets: ["REDIS_URL", "SECRET_KEY"],
    mounts: [SQLITE_MOUNT, { volume: "logs", path: LOGS }],
    // Silent on interval, timeout and retries: OpenCode's. It answers with the database's state, yet stays "healthy"
    // without the cache.
    health: httpProbe("/health", 8000),
    // The document has no other endpoint: whether it listens. A database that is away, or a migration that is still to
    // come, is no reason to start it anew.
    liveness: probe({ kind: "tcp", port: 8000 }, SERVICE_TIMING),
    metricsPath: "/metrics",
    dependsOn: ["redis"],
    outbound: false,
    user: "10001:10001",
    writable: ["/tmp"],
};

const frontend: Service = {
    name: "frontend",
    role: "frontend",
    image: "project-manager-frontend",
    // Silent. Node 18+ with `.env.local` and `npm run type-check` is a Next.js project, whose port is 3000.
    port: 3000,
    replicas: { default: 1 },
    single: "It serves files and keeps nothing: it is back in seconds.",
    maxReplicas: 3,
    resources: sized(devResources(256), resources([0.1, 0.5], [128, 512])),
    env: [
        env("NODE_ENV", "Environment mode", { value: NODE_ENV_VALUE }),
        env("PORT", "Frontend port", { value: "3000" }),
        // Frontend, API connection errors: the backend's address is in `.env.local`; the name is chosen here.
        env("NEXT_PUBLIC_API_URL", "Address of the backend, as browsers see it", { value: "{url}" }),
    ],
    secrets: [],
    mounts: [],
    health: httpProbe("/", 3000),
    dependsOn: ["backend"],
    outbound: false,
    user: "10001:10001",
    writable: ["/tmp"],
};

/** Silent on retention: OpenCode's 30 days. */
const RETENTION = { days: 30, localDays: 30 };

const REDIS: RedisStore = {
    // Caching Strategy: `redis.Redis(host='localhost', port=6379, db=0)`. Silent on the version: DEBT-OS's.
    image: "redis-7-alpine",
    volume: "redis-data",
    // A cache of answers that live for five minutes: nothing to keep.
    appendOnly: false,
    appendFsync: "no",
    maxMemoryMiB: 128,
    maxMemoryPolicy: "allkeys-lru",
    save: [],
    resources: sized(devResources(256), resources([0.1, 0.5], [128, 256])),
    health: redisProbe(),
    stopGraceSeconds: 30,
    runAs: "999:1000",
};

/** Whatever the database. Silent on sizes. */
const VOLUMES: Volume[] = [
    volume("redis-data", "Redis's directory; empty, as it only caches", [1, 1, 1], { stateful: false }),
    // The audit trail cannot be made anew.
    volume("logs", "Application, error, access and audit logs", [1, 5, 10]),
    ...EDGE_VOLUMES,
];
const SECRETS: Secret[] = [
    REDIS_PASSWORD,
    derived("REDIS_URL", "{url:redis}/0", "Redis connection string"),
    // AUTH_002, "Token expired": it signs tokens. The name is chosen here, after FastAPI's own tutorial.
    alphanumeric("SECRET_KEY", 64, "Signs tokens"),
];
const BACKUPS: Backup[] = [
    {
        store: "config",
        schedules: [daily("full")],
        retention: RETENTION,
        method: "tar of backend/.env and frontend/.env.local, compressed",
        source: "Automated Backup Script",
    },
    {
        // Silent; the audit log is kept for a year, which a lost disk must not end.
        store: "logs",
        schedules: [daily("full")],
        retention: RETENTION,
        method: "tar, compressed",
        source: "Chosen here: the document is silent on backing up its audit log",
    },
];
const NOTES = [
    "Only DATABASE_URL, the port 8000, the log files and Redis's database 0 are the document's; the other variables and the frontend's port 3000 are chosen here.",
    "It is also backed up every hour: a daily copy cannot meet the recovery points taken over from OpenCode.",
];

/** Backup Procedures has a PostgreSQL beside SQLite: `pg_dump -h localhost -U username dbname`, its names left open. */
const POSTGRES = { user: "project_manager", database: "project_manager" };

const onPostgres: SystemVariant = {
    summary: "Project management over MCP: FastAPI backend, web frontend, Postgres, Redis as a cache, audit logs",
    services: [
        {
            ...backend,
            env: backend.env.filter((variable) => variable !== SQLITE_URL),
            secrets: ["DATABASE_URL", ...backend.secrets],
            // One replica still: the audit log is a file.
            mounts: backend.mounts.filter((mount) => mount !== SQLITE_MOUNT),
            dependsOn: ["postgres", ...backend.dependsOn],
        },
        frontend,
    ],
    stores: {
        postgres: {
            // Silent on the version, the tuning and the size: OpenCode-Zed ACP's, which is as small.
            image: "postgres-15",
            volume: "postgres-data",
            ...POSTGRES,
            extensions: [],
            settings: TUNING_FOR_1_GIB,
            shmMiB: 128,
            readReplicas: { default: 0 },
            resources: sized(devResources(768), resources([0.25, 1], [1024, 2048])),
            health: postgresProbe(POSTGRES.user, POSTGRES.database),
            stopGraceSeconds: 120,
            runAs: "999:999",
        },
        redis: REDIS,
    },
    volumes: [volume("postgres-data", "Postgres", [1, 5, 10]), ...VOLUMES],
    secrets: [POSTGRES_PASSWORD, derived("DATABASE_URL", "{url:postgres}", "PostgreSQL connection string"), ...SECRETS],
    backups: [
        {
            store: "postgres",
            schedules: [daily("logical"), HOURLY_FOR_RPO],
            retention: RETENTION,
            method: "pg_dump",
            source: "Backup Procedures; Daily Tasks",
        },
        ...BACKUPS,
    ],
    notes: ["The document leaves the names of the PostgreSQL role and database open; they are chosen here.", ...NOTES],
};

export const projectManager: System = {
    key: "project-manager",
    title: "MCP Project Manager",
    document: "Operations Guide",
    summary: "Project management over MCP: FastAPI backend, web frontend, SQLite, Redis as a cache, audit logs",
    services: [backend, frontend],
    stores: {
        sqlite: { service: "backend", volume: "sqlite-data", path: SQLITE_PATH },
        redis: REDIS,
    },
    databases: { default: "sqlite", others: { postgres: onPostgres } },
    volumes: [volume("sqlite-data", "SQLite database sql_app.db", [1, 5, 10], { oneHost: true }), ...VOLUMES],
    secrets: SECRETS,
    edge: edge({
        // Silent on the API's paths except /health; below /api, as in the other systems.
        routes: [{ service: "backend", paths: ["/api/*", "/health"] }, { service: "frontend" }],
        devHttpPort: 8084,
        devHttpsPort: 8444,
    }),
    migrations: [
        {
            name: "migrate",
            service: "backend",
            // Migration Management.
            command: ["python", "-m", "alembic", "upgrade", "head"],
            timeoutSeconds: 600,
        },
    ],
    logs: {
        level: { default: "info", dev: "debug" },
        // Silent on size; 250 MiB a container.
        maxFileMiB: 50,
        maxFiles: 5,
        // "Clean up old log files" every week, and silent on how old: OpsHub's days for the same four kinds.
        retentionDays: { application: 30, error: 90, access: 30, audit: 365 },
        files: [`${LOGS}/app.log`, `${LOGS}/error.log`, `${LOGS}/access.log`, `${LOGS}/audit.log`, EDGE_ACCESS_LOG],
    },
    backups: [
        {
            store: "sqlite",
            schedules: [daily("full"), HOURLY_FOR_RPO],
            retention: RETENTION,
            // The document copies the file; a copy of a database in use may be torn, so SQLite makes it.
            method: "sqlite3 .backup",
            source: "Backup Procedures; Automated Backup Script; Daily Tasks",
        },
        ...BACKUPS,
    ],
    alerts: takenOverAlerts("MCP Project Manager"),
    objectives: takenOverObjectives(),
    smoke: {
        health: { service: "backend", path: "/health", expect: { status: "healthy" } },
        deep: [
            {
                name: "database connectivity",
                service: "backend",
                path: "/health",
                expect: { status: "healthy", version: "1.0.0", database: "connected" },
            },
            { name: "web UI", service: "frontend", path: "/", expect: {} },
        ],
    },
    notes: [
        "SQLite is the default, since it is what the document's health check, backup script and recovery are written for; `groundwork:database: postgres` takes the PostgreSQL that it also names.",
        ...NOTES,
    ],
};
