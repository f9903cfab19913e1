/** DEBT-OS. Section names are those of its "DEBT-OS Operations Guide". */
import { api, worker } from "./debt-os.services";
import { alertsFrom } from "./shared/alerts";
import { edge, EDGE_ACCESS_LOG, EDGE_VOLUMES } from "./shared/edge";
import { TUNING_FOR_1_GIB } from "./shared/postgres";
import { postgresProbe, redisProbe } from "./shared/probes";
import { daily, HOURLY_FOR_RPO } from "./shared/recovery";
import { devResources, resources, sized, volume } from "./shared/resources";
import { alphanumeric, derived, given, POSTGRES_PASSWORD, REDIS_PASSWORD } from "./shared/secrets";
import type { System } from "./types";

export const debtOs: System = {
    key: "debt-os",
    title: "DEBT-OS",
    document: "DEBT-OS Operations Guide",
    summary: "Analyses the technical debt of repositories: API, queue workers, Postgres with pgvector, Redis",
    services: [api, worker],
    stores: {
        postgres: {
            image: "postgres-pgvector",
            volume: "postgres-data",
            user: "debt_os",
            database: "debt_os",
            extensions: ["vector"],
            // Required Variables: `DB_SSL=true`.
            tls: "require",
            // Infrastructure Components, PostgreSQL: Performance Tuning.
            settings: {
                ...TUNING_FOR_1_GIB,
                wal_buffers: "16MB",
                max_parallel_workers_per_gather: "4",
            },
            // Silent; parallel index builds share maintenance_work_mem there, and parallel queries come on top.
            shmMiB: 256,
            readReplicas: { default: 0 },
            // Silent; the tuning calls 256 MB a quarter of the server's memory, so 1 GiB is kept for it, and as much
            // again for work_mem.
            resources: sized(devResources(1024), resources([0.5, 2], [1024, 2048])),
            health: postgresProbe("debt_os", "debt_os"),
            stopGraceSeconds: 120,
            runAs: "999:999",
        },
        redis: {
            image: "redis-7-alpine",
            volume: "redis-data",
            // Infrastructure Components, Redis: Configuration.
            appendOnly: true,
            appendFsync: "everysec",
            maxMemoryMiB: 512,
            maxMemoryPolicy: "allkeys-lru",
            // The Backup Strategy takes RDB snapshots every hour; these are Redis's own default save points.
            save: ["3600 1", "300 100", "60 10000"],
            // Silent; a snapshot's fork needs room above maxmemory.
            resources: sized(devResources(768), resources([0.25, 1], [512, 1024])),
            health: redisProbe(),
            stopGraceSeconds: 60,
            runAs: "999:1000",
        },
    },
    // System Requirements: 50 GB of storage at least, 200+ recommended; staging and prod share these out.
    volumes: [
        volume("postgres-data", "Postgres, with the embeddings", [2, 30, 120]),
        volume("redis-data", "Redis's append-only file and snapshots", [1, 5, 10]),
        // Backup Strategy: "Ephemeral; re-clone on demand".
        volume("repos", "Cloned repositories", [2, 15, 70], { stateful: false, shared: true }),
        ...EDGE_VOLUMES,
    ],
    secrets: [
        POSTGRES_PASSWORD,
        REDIS_PASSWORD,
        derived("DATABASE_URL", "{url:postgres}", "Postgres connection string"),
        derived("DB_PASSWORD", "{password:postgres}", "Database password, for the individual variables"),
        derived("REDIS_URL", "{url:redis}", "Redis connection string"),
        alphanumeric("JWT_SECRET", 64, "Signs sessions"),
        given("GITHUB_CLIENT_ID", "GitHub OAuth app", "<oauth-app-id>"),
        given("GITHUB_CLIENT_SECRET", "GitHub OAuth app's secret", "<oauth-app-secret>"),
        given("GITLAB_CLIENT_ID", "GitLab OAuth app", "<oauth-app-id>", { required: false }),
        given("GITLAB_CLIENT_SECRET", "GitLab OAuth app's secret", "<oauth-app-secret>", { required: false }),
        // External Services: each is required, "or" the other.
        given("OPENAI_API_KEY", "LLM analysis by OpenAI", "sk-...", { alternatives: ["ANTHROPIC_API_KEY"] }),
        given("ANTHROPIC_API_KEY", "LLM analysis by Anthropic", "sk-ant-...", { alternatives: ["OPENAI_API_KEY"] }),
    ],
    edge: edge({
        // The document has no frontend: the API gets everything.
        routes: [{ service: "api" }],
        devHttpPort: 8083,
        devHttpsPort: 8443,
    }),
    migrations: [{ name: "migrate", service: "api", command: ["npm", "run", "db:migrate"], timeoutSeconds: 600 }],
    logs: {
        level: { default: "info", dev: "debug" },
        // Logging: "max 7 days, 1GB per file". Silent on the number of files; the one in use and two before it.
        maxFileMiB: 1024,
        maxFiles: 3,
        retentionDays: { application: 7 },
        files: [EDGE_ACCESS_LOG],
    },
    backups: [
        {
            store: "postgres",
            schedules: [daily("logical"), HOURLY_FOR_RPO],
            // The Backup Schedule keeps 7 daily and 4 weekly, the Backup Strategy 30 days: what any of them keeps is
            // kept.
            retention: { daily: 7, weekly: 4, days: 30, localDays: 7 },
            method: "pg_dump, compressed",
            source: "PostgreSQL, Backup Schedule; Backup Strategy",
        },
        {
            store: "redis",
            schedules: [{ name: "hourly", cron: "0 * * * *", kind: "snapshot" }],
            retention: { days: 7 },
            method: "RDB snapshot",
            source: "Backup Strategy",
        },
        {
            store: "config",
            schedules: [],
            retention: {},
            method: "Git, on every change, kept for ever; where the stack backs up, its settings and secrets daily too, for 30 days",
            source: "Backup Strategy",
        },
    ],
    alerts: [
        ...alertsFrom("Alerting Rules", [
            [
                "HighErrorRate",
                'rate(http_requests_total{status=~"5.."}[5m]) > 0.01',
                300,
                "critical",
                "High error rate detected",
            ],
            ["QueueBacklog", "bull_queue_waiting > 100", 600, "warning", "Queue backlog growing"],
            [
                "DatabaseConnectionsHigh",
                "pg_stat_activity_count > 80",
                300,
                "warning",
                "Database connections above 80% of max_connections",
            ],
        ]),
        // The table gives thresholds only: severity warning and five minutes are chosen after the rules above.
        ...alertsFrom("Key Metrics", [
            ["ApiResponseTimeHigh", "P95 latency > 2000ms", 300, "warning", "API response time above 2000ms"],
            ["QueueLatencyHigh", "Time job waits > 5 min", 300, "warning", "Jobs wait longer than 5 minutes"],
            ["MemoryHigh", "Application memory > 80%", 300, "warning", "Application memory above 80%"],
            ["LlmTokenUsageHigh", "Daily tokens approaching quota", 300, "warning", "Daily tokens approaching quota"],
        ]),
    ],
    objectives: [
        {
            scenario: "service-crash",
            rtoSeconds: 5 * 60,
            rpoSeconds: 0,
            source: "RTO/RPO Targets: Single service failure",
        },
        {
            scenario: "database-corruption",
            rtoSeconds: 30 * 60,
            rpoSeconds: 3600,
            source: "RTO/RPO Targets: Database corruption",
        },
        {
            scenario: "complete-loss",
            rtoSeconds: 4 * 3600,
            rpoSeconds: 24 * 3600,
            source: "RTO/RPO Targets: Complete infrastructure loss",
        },
    ],
    smoke: {
        health: { service: "api", path: "/api/health", expect: { status: "ok" } },
        deep: [
            { name: "database connectivity", service: "api", path: "/api/health/db", expect: { status: "ok" } },
            { name: "redis connectivity", service: "api", path: "/api/health/redis", expect: { status: "ok" } },
        ],
    },
    host: {
        minimum: { cpu: 2, memoryMiB: 4096, diskMiB: 51200 },
        recommended: { cpu: 4, memoryMiB: 8192, diskMiB: 204800 },
    },
    notes: [
        "Queue workers run apart from the API; the document runs them inside of it.",
        "Redis evicts by allkeys-lru as the document says, although it holds the queues: the QueueBacklog alert comes well before 512 MB are full.",
        "Connections to Postgres are encrypted, as DB_SSL=true asks for and the document's own Compose file could not, with a certificate that the stack makes and no client verifies.",
        "The database is also backed up every hour: the document's daily dump cannot meet its own recovery point of one hour.",
    ],
};
