/** OpenCode Development Platform. Section names are those of its "Operations Manual", version 1.0. */
import { backend, BOLT_PORT, frontend, SQLITE_PATH } from "./opencode.services";
import { alertsFrom } from "./shared/alerts";
import { edge, EDGE_ACCESS_LOG, EDGE_VOLUMES } from "./shared/edge";
import { probe, SERVICE_TIMING } from "./shared/probes";
import { openCodeObjectives } from "./shared/recovery";
import { devResources, resources, sized, volume } from "./shared/resources";
import { base64, given } from "./shared/secrets";
import type { Backup, System } from "./types";

/** Backup Schedule. */
const DOCUMENT_SCHEDULES = (dailyKind: "full" | "logical"): Backup["schedules"] => [
    { name: "daily", cron: "0 2 * * *", kind: dailyKind },
    { name: "weekly-full", cron: "0 3 * * 0", kind: "full" },
    { name: "hourly-incremental", cron: "0 9-17 * * 1-5", kind: "incremental" },
];

/**
 * The recovery point of a corrupt database is one hour at any hour, so that the document's business hours are not
 * enough for the two databases: these fill the rest of the week, at half past, clear of the document's own.
 */
const REST_OF_THE_WEEK: Backup["schedules"] = [
    { name: "hourly-nights", cron: "30 0-8,17-23 * * 1-5", kind: "incremental" },
    { name: "hourly-weekends", cron: "30 * * * 0,6", kind: "incremental" },
];

/** Backup Script: `-mtime +30 -delete`. */
const RETENTION: Backup["retention"] = { days: 30, localDays: 30 };

export const openCode: System = {
    key: "opencode",
    title: "OpenCode Development Platform",
    document: "Operations Manual, version 1.0, 2024-10-25",
    summary: "AI development environment: web UI, backend on Bun, code graph in Memgraph, SQLite, project files",
    services: [backend, frontend],
    stores: {
        memgraph: {
            image: "memgraph",
            volume: "memgraph-data",
            logVolume: "memgraph-log",
            logLevel: "WARNING",
            // Silent; an eighth of the container's memory is left for snapshots and the log.
            memoryLimitMiB: { default: 7168, dev: 448 },
            boltPort: BOLT_PORT,
            monitoringPort: 7444,
            // Silent; the packaged configuration's figures, which the image starts with.
            snapshotIntervalSeconds: 300,
            snapshotRetention: 3,
            // Vertical Scaling: Resource Limits; silent on a reservation: half, as for the backend.
            resources: sized(devResources(512), resources([2, 4], [4096, 8192])),
            // Silent on the start; five minutes to read back snapshot and log.
            health: probe(
                { kind: "exec", command: ["nc", "-z", "localhost", String(BOLT_PORT)] },
                { ...SERVICE_TIMING, startPeriodSeconds: 300 },
            ),
            // Silent; it writes a snapshot when it stops.
            stopGraceSeconds: 120,
            runAs: "101:103",
        },
        sqlite: { service: "backend", volume: "sqlite-data", path: SQLITE_PATH },
    },
    // Prerequisites: 10 GB of disk at least. Capacity Planning: expand above 40 GB.
    volumes: [
        volume("memgraph-data", "Graph: snapshots and write-ahead log", [1, 4, 16]),
        volume("memgraph-log", "Memgraph's log files", [1, 1, 2], { stateful: false }),
        volume("project-data", "Project files", [2, 10, 40], { shared: true }),
        // Stateless Design: session state is in "SQLite (shared volume)". Its write-ahead log is shared by memory.
        volume("sqlite-data", "SQLite database taskmaster.db", [1, 2, 5], { shared: true, oneHost: true }),
        ...EDGE_VOLUMES,
    ],
    secrets: [
        given("OPENROUTER_API_KEY", "AI API key", "sk-or-..."),
        base64("ENCRYPTION_KEY", 32, "Encryption key"),
        base64("JWT_SECRET", 64, "Signs sessions"),
        given("MEMGRAPH_PASSWORD", "Memgraph password, with MEMGRAPH_USERNAME", "", { required: false }),
        given("SENTRY_DSN", "Error reports to Sentry", "https://key@sentry.example.com/1", { required: false }),
    ],
    edge: edge({
        routes: [{ service: "backend", paths: ["/api/*", "/ws/*"] }, { service: "frontend" }],
        // The largest thing that the document lets in is a project (MAX_PROJECT_SIZE_MB). From 100 MB on it wants an
        // alert, not a refusal.
        maxBodyMiB: 500,
        devHttpPort: 8081,
        devHttpsPort: 8441,
    }),
    // Updating OpenCode: `docker-compose run --rm backend bun run migrate`.
    migrations: [{ name: "migrate", service: "backend", command: ["bun", "run", "migrate"], timeoutSeconds: 600 }],
    logs: {
        level: { default: "info", dev: "debug" },
        // Silent on size; 250 MiB a container.
        maxFileMiB: 50,
        maxFiles: 5,
        // Weekly: `find /var/log/opencode -name "*.log" -mtime +7 -delete`.
        retentionDays: { application: 7 },
        files: [
            "/var/log/opencode/backend.log",
            "/var/log/opencode/frontend.log",
            "/var/log/opencode/memgraph.log",
            EDGE_ACCESS_LOG,
        ],
    },
    backups: [
        {
            store: "sqlite",
            schedules: [...DOCUMENT_SCHEDULES("full"), ...REST_OF_THE_WEEK],
            retention: RETENTION,
            method: "sqlite3 .backup",
            bucket: "opencode-backups",
            source: "Backup Schedule; Backup Script",
        },
        {
            store: "memgraph",
            schedules: [...DOCUMENT_SCHEDULES("logical"), ...REST_OF_THE_WEEK],
            retention: RETENTION,
            method: "DUMP DATABASE",
            bucket: "opencode-backups",
            source: "Backup Schedule; Backup Script",
        },
        {
            store: "project-data",
            schedules: DOCUMENT_SCHEDULES("full"),
            retention: RETENTION,
            method: "tar, compressed",
            bucket: "opencode-backups",
            source: "Backup Schedule; Backup Script",
        },
        {
            store: "config",
            schedules: DOCUMENT_SCHEDULES("full"),
            retention: RETENTION,
            method: "copy of the environment file",
            bucket: "opencode-backups",
            source: "Backup Schedule; Backup Script",
        },
    ],
    alerts: [
        ...alertsFrom("Alert Rules: Critical Alerts", [
            ["ServiceDown", "up == 0", 120, "critical", "OpenCode service is down"],
            ["HighErrorRate", "error_rate > 5%", 300, "critical", "Error rate above 5%"],
            ["DatabaseConnectionFailed", "memgraph_connected == 0", 60, "critical", "Memgraph connection failed"],
            ["DiskSpaceCritical", "disk_usage > 90%", 300, "critical", "Disk usage above 90%"],
        ]),
        ...alertsFrom("Alert Rules: Warning Alerts", [
            ["HighLatency", "p95_latency > 2000ms", 600, "warning", "High API latency detected"],
            ["MemoryHigh", "memory_usage > 80%", 600, "warning", "Memory usage above 80%"],
            ["AICostHigh", "ai_cost_per_hour > 10", 3600, "warning", "AI costs exceeding budget"],
        ]),
        // The rules that only block (failed requests, path traversal) are the application's own. These are to be seen
        // at once.
        ...alertsFrom("Security Monitoring", [
            ["LargeUpload", "upload > 100MB", 0, "warning", "Upload above 100 MB"],
            ["AIUsageSpike", "ai_requests > 100 in 1h", 0, "warning", "Unusual AI usage"],
        ]),
        // "Sustained", silent on how long: half an hour. These ask for a plan and not for a person at night.
        ...alertsFrom("Capacity Planning", [
            ["CapacityCpu", "CPU > 70% sustained", 1800, "info", "Add backend replicas"],
            ["CapacityMemory", "Memory > 3GB", 1800, "info", "Increase limits"],
            ["CapacityDisk", "Disk > 40GB", 1800, "info", "Expand volume"],
            ["CapacityGraphNodes", "Memgraph Nodes > 50K", 1800, "info", "Optimize queries"],
            ["CapacityUsers", "Concurrent Users > 200", 1800, "info", "Scale backend"],
        ]),
    ],
    objectives: openCodeObjectives(),
    smoke: {
        health: { service: "backend", path: "/api/health", expect: { status: "ok" } },
        deep: [
            {
                name: "graph and database",
                service: "backend",
                path: "/api/health/deep",
                // Not the AI check: it tells of the provider, not of the platform.
                expect: {
                    checks: { memgraph: { status: "ok" }, sqlite: { status: "ok", integrityCheck: "ok" } },
                },
            },
            { name: "web UI", service: "frontend", path: "/", expect: {} },
        ],
    },
    host: { minimum: { memoryMiB: 4096, diskMiB: 10240 } },
    notes: [
        "The frontend listens on 5173 (Port Reference); the Caddyfile's frontend:80 would need a privileged port.",
        "SQLite is at /app/data/taskmaster.db, where its volume is mounted and its backup reads it; the environment file's /data is on no volume.",
        "Memgraph has no users, as in the document; it is on an isolated network that only the backend shares.",
        "Both databases are also backed up every hour outside of business hours, because their recovery point is one hour at any hour.",
        "The three backends share one SQLite file, as the document says. Its write-ahead log needs all of them on one machine and a disk that is that machine's, so that on Kubernetes they, the migration and the file's backups run on one node, on a volume of `storageClass`.",
    ],
};
