/** OpenCode-Zed ACP. Section names are those of its "Operational Procedures Manual", version 1.0.0. */
import { alertsFrom } from "./shared/alerts";
import { edge, EDGE_ACCESS_LOG, EDGE_VOLUMES } from "./shared/edge";
import { env, NODE_ENV_VALUE } from "./shared/env";
import { TUNING_FOR_1_GIB } from "./shared/postgres";
import { httpProbe, postgresProbe } from "./shared/probes";
import { DAILY_FOR_RPO, HOURLY_FOR_RPO, takenOverObjectives } from "./shared/recovery";
import { devResources, resources, sized, volume } from "./shared/resources";
import { derived, given, POSTGRES_PASSWORD } from "./shared/secrets";
import type { Backup, Service, System } from "./types";

const SESSIONS = "/var/lib/opencode/sessions";
const CONFIG = "/etc/opencode";
const LOG_FILE = "/var/log/opencode-acp.log";

const acp: Service = {
    name: "acp",
    role: "backend",
    image: "opencode-acp",
    // Verify Service Availability: http://localhost:3000/acp.
    port: 3000,
    // One systemd unit with its sessions in a directory of its own: the document has no second one, and two would not
    // know of each other's.
    replicas: { default: 1 },
    single: "Its sessions are files of one process: a second would not know of them.",
    maxReplicas: 1,
    // Monitor Performance Metrics expects under 500 MB and under 30 % CPU: that much is reserved. Silent on limits: so
    // that the expected 500 MB are below the 80 % at which it warns.
    resources: sized(devResources(512), resources([0.3, 1], [500, 1024])),
    // The document names no variable at all; those below tell the program of the places that it does name.
    env: [
        env("NODE_ENV", "Environment mode", { value: NODE_ENV_VALUE }),
        env("PORT", "Port of the JSON-RPC endpoint", { documentDefault: "3000", value: "3000" }),
        env("CONFIG_PATH", "Configuration directory", { documentDefault: CONFIG, value: CONFIG }),
        env("SESSIONS_PATH", "Session directory", { documentDefault: SESSIONS, value: SESSIONS }),
        env("LOG_FILE", "Log file", { documentDefault: LOG_FILE, value: LOG_FILE }),
        env("LOG_LEVEL", "Logging level", { value: { default: "info", dev: "debug" } }),
    ],
    secrets: ["DATABASE_URL", "ANTHROPIC_API_KEY"],
    mounts: [
        { volume: "sessions", path: SESSIONS },
        { volume: "configuration", path: CONFIG },
        { volume: "logs", path: "/var/log" },
    ],
    // `curl -s http://localhost:3000/acp`; silent on interval, timeout and retries: OpenCode's.
    health: httpProbe("/acp", 3000),
    // Silent on the path, but Alert Rules scrapes the job `opencode-acp`.
    metricsPath: "/metrics",
    dependsOn: ["postgres"],
    // Network Performance: `ping api.anthropic.com`.
    outbound: true,
    user: "10001:10001",
    writable: ["/tmp"],
};

/**
 * Configuration Backup: daily. Silent on the hour: 01:00, clear of the weekly data backup and of the maintenance
 * window, both from 02:00, and done before the health check at 9:00.
 */
const DAILY: Backup["schedules"][number] = { name: "daily", cron: "0 1 * * *", kind: "full" };

/** Data Backup: weekly, Sundays 2:00 AM. */
function weekly(kind: "full" | "logical"): Backup["schedules"][number] {
    return { name: "weekly", cron: "0 2 * * 0", kind };
}

/**
 * Configuration Backup keeps 30 days, Data Backup 7 days on the machine; silent on the remote copies of the latter: 30
 * days too.
 */
const DATA_RETENTION: Backup["retention"] = { days: 30, localDays: 7 };

export const openCodeAcp: System = {
    key: "opencode-acp",
    title: "OpenCode-Zed ACP",
    document: "Operational Procedures Manual, version 1.0.0, November 2, 2025",
    summary: "Agent Client Protocol service between OpenCode and Zed: JSON-RPC, Postgres, sessions and configuration",
    services: [acp],
    stores: {
        postgres: {
            // Silent on the version. 15 is OpsHub's, so that both need one image; any that is supported fits, since the
            // document uses nothing of a later one. (Its slow-query check reads total_time, which has been
            // total_exec_time since Postgres 13.)
            image: "postgres-15",
            volume: "postgres-data",
            // Database Performance: `psql -d opencode_db`. Silent on the role: the user that its log files belong to.
            user: "opencode",
            database: "opencode_db",
            // Database Performance reads pg_stat_statements every week.
            extensions: ["pg_stat_statements"],
            // Silent on tuning; DEBT-OS's.
            settings: {
                shared_preload_libraries: "pg_stat_statements",
                ...TUNING_FOR_1_GIB,
            },
            shmMiB: 128,
            readReplicas: { default: 0 },
            resources: sized(devResources(768), resources([0.25, 1], [1024, 2048])),
            health: postgresProbe("opencode", "opencode_db"),
            stopGraceSeconds: 120,
            runAs: "999:999",
        },
    },
    // Silent on sizes.
    volumes: [
        volume("postgres-data", "Postgres", [1, 10, 20]),
        volume("sessions", "Session data", [1, 5, 10]),
        volume("configuration", "Configuration", [1, 1, 1]),
        // Data Backup takes them along: authentication events are looked up in them.
        volume("logs", "Log files", [1, 5, 10]),
        ...EDGE_VOLUMES,
    ],
    secrets: [
        POSTGRES_PASSWORD,
        derived("DATABASE_URL", "{url:postgres}", "Postgres connection string"),
        // The document names the provider's host and no variable; a provider can as well be set up in /etc/opencode,
        // hence not required.
        given("ANTHROPIC_API_KEY", "AI provider key", "sk-ant-...", { required: false }),
    ],
    edge: edge({ routes: [{ service: "acp" }], devHttpPort: 8082, devHttpsPort: 8442 }),
    // The document has no migration command.
    migrations: [],
    logs: {
        level: { default: "info", dev: "debug" },
        // Log Rotation: daily, rotate 30, compress. Silent on size; 300 MiB a container.
        maxFileMiB: 10,
        maxFiles: 30,
        // File System Maintenance: archives (*.gz) go after 90 days.
        retentionDays: { application: 30, archived: 90 },
        files: [LOG_FILE, EDGE_ACCESS_LOG],
    },
    backups: [
        {
            store: "configuration",
            schedules: [DAILY],
            retention: { days: 30, localDays: 30 },
            method: "tar, compressed, read back to verify",
            source: "Configuration Backup",
        },
        {
            store: "config",
            schedules: [DAILY],
            retention: { days: 30, localDays: 30 },
            method: "copy of the stack's configuration",
            source: "Taken over from OpenCode's Backup Script: the document runs no stack",
        },
        {
            store: "postgres",
            schedules: [weekly("logical"), HOURLY_FOR_RPO],
            retention: DATA_RETENTION,
            method: "pg_dump, encrypted, uploaded",
            bucket: "opencode-backups",
            source: "Data Backup",
        },
        {
            store: "sessions",
            // Configuration Backup: daily as well, "if persistent", which they are here.
            schedules: [DAILY, weekly("full")],
            retention: DATA_RETENTION,
            method: "tar, encrypted, uploaded",
            bucket: "opencode-backups",
            source: "Data Backup",
        },
        {
            store: "logs",
            schedules: [weekly("full"), DAILY_FOR_RPO],
            retention: DATA_RETENTION,
            method: "tar of the last 30 days, encrypted, uploaded",
            bucket: "opencode-backups",
            source: "Data Backup",
        },
    ],
    alerts: [
        ...alertsFrom("Alert Rules", [
            ["HighCPUUsage", "cpu_usage_percent > 80", 300, "warning", "High CPU usage detected"],
            ["ServiceDown", 'up{job="opencode-acp"} == 0', 60, "critical", "OpenCode ACP service is down"],
        ]),
        // Silent on durations: the five minutes of HighCPUUsage.
        ...alertsFrom("Key Metrics to Monitor: System Metrics", [
            ["CPUUsageCritical", "CPU usage > 90%", 300, "critical", "CPU usage above 90%"],
            ["MemoryHigh", "Memory usage > 80%", 300, "warning", "Memory usage above 80%"],
            ["MemoryCritical", "Memory usage > 90%", 300, "critical", "Memory usage above 90%"],
            ["DiskSpaceHigh", "Disk space > 85%", 300, "warning", "Disk usage above 85%"],
            ["DiskSpaceCritical", "Disk space > 95%", 300, "critical", "Disk usage above 95%"],
            ["PacketLoss", "packet loss > 1%", 300, "warning", "Packet loss above 1%"],
        ]),
        ...alertsFrom("Key Metrics to Monitor: Application Metrics", [
            ["ResponseTimeHigh", "Response time > 500ms", 300, "warning", "Response time above 500ms"],
            ["ResponseTimeCritical", "Response time > 2000ms", 300, "critical", "Response time above 2000ms"],
            ["ErrorRateHigh", "Error rate > 1%", 300, "warning", "Error rate above 1%"],
            ["ErrorRateCritical", "Error rate > 5%", 300, "critical", "Error rate above 5%"],
            ["SessionsHigh", "Active sessions > 80% of limit", 300, "warning", "Active sessions above 80% of limit"],
            ["ToolFailures", "Tool execution failures > 10%", 300, "warning", "Tool execution failures above 10%"],
        ]),
        // These are looked at in a review, not at night: a day.
        ...alertsFrom("Key Metrics to Monitor: Business Metrics", [
            ["SatisfactionLow", "User satisfaction scores < 4.0", 86400, "warning", "User satisfaction below 4.0"],
            ["FeatureUsageLow", "Feature usage < 50% of expected", 86400, "warning", "Feature usage below 50%"],
            ["SlaCompliance", "SLA compliance < 99.5%", 86400, "warning", "SLA compliance below 99.5%"],
        ]),
    ],
    objectives: takenOverObjectives(),
    smoke: {
        health: { service: "acp", path: "/acp", expect: {} },
        deep: [
            {
                name: "initialize",
                service: "acp",
                path: "/acp",
                method: "POST",
                body: { jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: 1 } },
                expect: { jsonrpc: "2.0", id: 1, result: { protocolVersion: 1 } },
            },
        ],
    },
    notes: [
        "The document runs a systemd unit; here it is one container, with the same directories on volumes. Zed's own settings (~/.config/zed) stay on the user's machine.",
        "The names of its variables, and the Postgres version (15), are chosen here: the document has none.",
        "The database is also backed up every hour, and sessions every day: the document's weekly backup cannot meet the recovery points taken over from OpenCode.",
        "Business metrics (satisfaction, feature usage, SLA) have alerts as in the document; the program has to export them.",
    ],
};
