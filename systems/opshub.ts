/** DevInfra OpsHub. Section names are those of its "Operations". */
import { api, web, worker } from "./opshub.services";
import { takenOverAlerts, alertsFrom } from "./shared/alerts";
import { edge, EDGE_ACCESS_LOG, EDGE_VOLUMES } from "./shared/edge";
import { pooler } from "./shared/pooler";
import { postgresProbe, redisProbe } from "./shared/probes";
import { daily, HOURLY_FOR_RPO, takenOverObjectives } from "./shared/recovery";
import { devResources, gib, resources, sized, volume } from "./shared/resources";
import {
    alphanumeric,
    base64,
    derived,
    given,
    POOLED_POSTGRES_URLS,
    POSTGRES_PASSWORD,
    REDIS_PASSWORD,
    REPLICATOR_PASSWORD,
} from "./shared/secrets";
import type { System } from "./types";

/** PostgreSQL Setup: "Connection pooling (recommended: 20 connections)". */
const POOL_SIZE = 20;

/** A migration holds an advisory lock of its session, which transaction pooling would hand to somebody else. */
const STRAIGHT = { DATABASE_URL: "DATABASE_DIRECT_URL" };

export const opsHub: System = {
    key: "opshub",
    title: "DevInfra OpsHub",
    document: "Operations",
    summary: "Preview deployments and health checks of projects: API, web app, workers, Postgres, Redis",
    services: [api, worker, web],
    stores: {
        postgres: {
            image: "postgres-15",
            volume: "db-data",
            // POSTGRES_USER and POSTGRES_DB are left open.
            user: "opshub",
            database: "opshub",
            // Database Performance Issues reads pg_stat_statements.
            extensions: ["pg_stat_statements"],
            // PostgreSQL Setup, Connection Requirements: "SSL/TLS encryption".
            tls: "require",
            settings: {
                shared_preload_libraries: "pg_stat_statements",
                // Postgres's own default. The pool of 20, twice over while a pooler is replaced, and 60 for who comes straight: migrations,
                // backups, monitoring, people. On the replica 10 API servers and 4 workers with 5 each.
                max_connections: "100",
                checkpoint_completion_target: "0.9",
            },
            // Silent on tuning; DEBT-OS's rule of 25 % and 75 % of the memory.
            settingsIn: {
                dev: { shared_buffers: "128MB", effective_cache_size: "384MB", maintenance_work_mem: "64MB" },
                staging: { shared_buffers: "4GB", effective_cache_size: "12GB", maintenance_work_mem: "512MB" },
                prod: { shared_buffers: "4GB", effective_cache_size: "12GB", maintenance_work_mem: "512MB" },
            },
            shmMiB: 1024,
            // Horizontal Scaling: "Read replicas for analytics".
            readReplicas: { default: 0, prod: 1 },
            replicaVolume: "db-data-replica",
            pooler: pooler("opshub", "opshub", POOL_SIZE),
            // Vertical Scaling begins at 4 cores and 16 GB; silent on reservations: half.
            resources: sized(devResources(768), resources([2, 4], [gib(8), gib(16)])),
            scaling: { cpu: [4, 16], memoryMiB: [gib(16), gib(64)] },
            health: postgresProbe("opshub", "opshub"),
            stopGraceSeconds: 120,
            runAs: "999:999",
        },
        redis: {
            image: "redis-7",
            volume: "redis-data",
            // Redis Setup: "Persistence: RDB + AOF", "Memory limit: 512MB", "Max connections: 100".
            appendOnly: true,
            appendFsync: "everysec",
            maxMemoryMiB: 512,
            // Redis Optimization.
            maxMemoryPolicy: "allkeys-lru",
            maxClients: 100,
            // Silent on the save points: Redis's own defaults.
            save: ["3600 1", "300 100", "60 10000"],
            // Vertical Scaling begins at 2 cores and 4 GB; silent on reservations: what maxmemory and a snapshot's fork
            // need.
            resources: sized(devResources(768), resources([0.5, 2], [gib(1), gib(4)])),
            scaling: { cpu: [2, 8], memoryMiB: [gib(4), gib(32)] },
            health: redisProbe(),
            stopGraceSeconds: 60,
            runAs: "999:999",
        },
    },
    // Silent on sizes.
    volumes: [
        volume("db-data", "Postgres", [2, 20, 100]),
        volume("db-data-replica", "the read replica of Postgres, where there is one", [2, 20, 100], {
            unsaved: "It is a copy of the primary's, which is backed up",
        }),
        volume("redis-data", "Redis's append-only file and snapshots", [1, 5, 10]),
        ...EDGE_VOLUMES,
    ],
    secrets: [
        POSTGRES_PASSWORD,
        REDIS_PASSWORD,
        REPLICATOR_PASSWORD,
        // Required Variables, and two ways more to the same database.
        ...POOLED_POSTGRES_URLS,
        derived("REDIS_URL", "{url:redis}", "Redis connection string"),
        // "32+ chars"; 64 as in DEBT-OS.
        alphanumeric("JWT_SECRET", 64, "JWT signing secret"),
        base64("ENCRYPTION_KEY_BASE64", 32, "32-byte base64 encryption key"),
        given("GITHUB_CLIENT_ID", "GitHub OAuth client ID", "Iv1.8a61f9b3a7aba766"),
        given("GITHUB_CLIENT_SECRET", "GitHub OAuth client secret", "your-github-client-secret"),
        given("GITHUB_WEBHOOK_SECRET", "GitHub webhook secret", "your-webhook-secret"),
        // Provider-Specific Variables.
        given("VERCEL_TOKEN", "Vercel API token", "your-vercel-token", { required: false }),
        given("NETLIFY_TOKEN", "Netlify API token", "your-netlify-token", { required: false }),
        given("SLACK_BOT_TOKEN", "Slack bot token", "xoxb-...", { required: false }),
    ],
    edge: edge({
        // Optional Variables: the API at https://api.opshub.dev, the web app at https://opshub.dev.
        routes: [{ service: "api", subdomain: "api" }, { service: "web" }],
        devHttpPort: 8085,
        devHttpsPort: 8445,
    }),
    // Database Initialization. `prisma generate` writes code, not data: it belongs to the image's build.
    migrations: [
        {
            name: "migrate",
            service: "api",
            command: ["pnpm", "--filter", "@opshub/api", "prisma", "migrate", "deploy"],
            timeoutSeconds: 600,
            secrets: STRAIGHT,
        },
        {
            name: "seed",
            service: "api",
            command: ["pnpm", "--filter", "@opshub/api", "prisma", "db", "seed"],
            timeoutSeconds: 300,
            secrets: STRAIGHT,
        },
    ],
    logs: {
        level: { default: "warn", dev: "info", staging: "info" },
        // Silent on size; 250 MiB a container.
        maxFileMiB: 50,
        maxFiles: 5,
        // Log Retention.
        retentionDays: { application: 30, audit: 365, error: 90, access: 30 },
        files: [EDGE_ACCESS_LOG],
    },
    backups: [
        {
            store: "postgres",
            // Backup Strategy: daily.
            schedules: [daily("logical"), HOURLY_FOR_RPO],
            // Silent: OpenCode's 30 days.
            retention: { days: 30 },
            method: "pg_dump, gzip, uploaded",
            bucket: "opshub-backups",
            source: "Backup Strategy; Backup & Recovery",
        },
        {
            // Silent on Redis, which holds the queue of preview deployments: as DEBT-OS backs up its own.
            store: "redis",
            schedules: [{ name: "hourly", cron: "0 * * * *", kind: "snapshot" }],
            retention: { days: 7 },
            method: "RDB snapshot",
            source: "Taken over from DEBT-OS's Backup Strategy: the document is silent",
        },
        {
            store: "config",
            schedules: [daily("full")],
            retention: { days: 30 },
            method: "copy of the stack's configuration",
            source: "Taken over from OpenCode's Backup Script: the document is silent",
        },
    ],
    alerts: [
        ...takenOverAlerts("OpsHub"),
        // Metrics Collection names what to measure and no thresholds; these are chosen here.
        ...alertsFrom("Chosen here: Metrics Collection has no thresholds", [
            ["QueueBacklog", "bull:preview-queue:waiting > 100", 600, "warning", "Preview deployments pile up"],
            ["DeploymentFailures", "deployment success rate < 90%", 900, "warning", "Preview deployments fail"],
            ["DatabaseConnectionsHigh", "pg_stat_activity > 80% of max", 300, "warning", "Connections run out"],
            ["RedisConnectionsHigh", "clients > 80% of maxclients", 300, "warning", "Redis connections run out"],
        ]),
    ],
    objectives: takenOverObjectives(),
    smoke: {
        health: { service: "api", path: "/healthz", expect: { ok: true } },
        deep: [
            { name: "database and redis", service: "api", path: "/readyz", expect: { ok: true } },
            { name: "web app", service: "web", path: "/", expect: {} },
        ],
    },
    notes: [
        "Resource limits are the lower ends of the document's ranges for vertical scaling; `scaling` holds both ends.",
        "Connections to Postgres are encrypted, as the document requires, with a certificate that the stack makes and no client verifies: a client that does must be given another DATABASE_URL.",
        "Services reach Postgres through PgBouncer, which holds 20 connections in all and gives one to a client for a transaction: what a session keeps, such as SET, LISTEN or an advisory lock, is not kept. Migrations, backups and replication go straight.",
        "Analytics read from the replica in prod, at `DATABASE_REPLICA_URL`, a second or so behind; without a replica the variable is not there. A stack may run one elsewhere with `groundwork:postgres.readReplicas: 1`.",
        "In dev test login and the mock provider are on and Slack is off, because its keys are placeholders there.",
        "Redis's 100 connections are shared by all API servers and workers.",
        "Recovery objectives and alert thresholds are taken over from OpenCode: the document states none.",
    ],
};
