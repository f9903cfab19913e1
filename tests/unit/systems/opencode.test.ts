/** OpenCode's data against a transcript of its "Operations Manual", section by section. */
import { describe } from "vitest";

import { CATALOG } from "../../../images/catalog";
import { SYSTEMS } from "../../../systems";
import { inEnvironment } from "../../../systems/types";
import {
    alertFacts,
    backup,
    cron,
    everywhere,
    fact,
    objectiveFacts,
    pace,
    secret,
    service,
    set,
    variable,
} from "./fact";

const system = SYSTEMS.opencode;
const backend = service(system, "backend");
const frontend = service(system, "frontend");
const memgraph = system.stores.memgraph!;
const sqlite = system.stores.sqlite!;

describe("Prerequisites", () => {
    fact("4GB RAM minimum", system.host?.minimum.memoryMiB, 4096);
    fact("10GB disk space", system.host?.minimum.diskMiB, 10240);
});

describe("Configure Environment: Required Environment Variables", () => {
    const inProd: [string, string | undefined][] = [
        ["NODE_ENV", "production"],
        ["PORT", "3000"],
        ["FRONTEND_URL", "{url}"],
        ["DEFAULT_AI_MODEL", "openai/gpt-4o-mini"],
        ["AI_TEMPERATURE", "0.7"],
        ["AI_MAX_TOKENS", "4000"],
        ["MEMGRAPH_URI", "bolt://memgraph:7687"],
        ["ALLOWED_ORIGINS", "{url}"],
        ["ENABLE_CACHING", "true"],
        ["CACHE_TTL", "3600"],
        ["MAX_PROJECT_SIZE_MB", "500"],
        ["MAX_FILE_SIZE_MB", "10"],
        ["LOG_LEVEL", "info"],
        ["METRICS_ENABLED", "true"],
    ];
    for (const [name, value] of inProd) fact(`${name}=${value}`, set(backend, name, "prod"), value);
    fact("MEMGRAPH_USERNAME= is empty, so not set", set(backend, "MEMGRAPH_USERNAME", "prod"), undefined);
    for (const name of ["OPENROUTER_API_KEY", "ENCRYPTION_KEY", "JWT_SECRET", "MEMGRAPH_PASSWORD", "SENTRY_DSN"]) {
        fact(`${name} reaches the backend as a secret`, backend.secrets.includes(name), true);
    }
    fact("OPENROUTER_API_KEY=sk-or-...", secret(system, "OPENROUTER_API_KEY").shape, {
        kind: "given",
        example: "sk-or-...",
    });
    fact("MEMGRAPH_PASSWORD= is optional", secret(system, "MEMGRAPH_PASSWORD").required, false);
    fact("SENTRY_DSN= is optional", secret(system, "SENTRY_DSN").required, false);
});

describe("Generate Secrets", () => {
    fact("ENCRYPTION_KEY: openssl rand -base64 32", secret(system, "ENCRYPTION_KEY").shape, {
        kind: "base64",
        bytes: 32,
    });
    fact("JWT_SECRET: openssl rand -base64 64", secret(system, "JWT_SECRET").shape, { kind: "base64", bytes: 64 });
});

describe("Health Check", () => {
    const { health } = system.smoke;
    fact("GET /api/health of the backend", [health.service, health.path], ["backend", "/api/health"]);
    fact('answers "status": "ok"', health.expect, { status: "ok" });
});

describe("SSL/TLS Setup (Caddy)", () => {
    const [first, second] = system.edge.routes;
    fact("reverse_proxy /api/* and /ws/* to the backend", first, { service: "backend", paths: ["/api/*", "/ws/*"] });
    fact("reverse_proxy the rest to the frontend", second, { service: "frontend" });
    fact("access log", system.logs.files.includes("/var/log/caddy/access.log"), true);
});

describe("Docker Compose (Production): images", () => {
    fact("caddy:2.7-alpine", CATALOG[system.edge.image]?.registry, "caddy:2.7-alpine");
    fact("memgraph/memgraph:2.12", CATALOG[memgraph.image]?.registry, "memgraph/memgraph:2.12");
});

describe("Docker Compose (Production): volumes", () => {
    const volumes = ["caddy-data", "caddy-config", "memgraph-data", "memgraph-log", "project-data", "sqlite-data"];
    for (const name of volumes) {
        fact(
            name,
            system.volumes.some((one) => one.name === name),
            true,
        );
    }
    fact("caddy-data:/data", system.edge.mounts.find((one) => one.volume === "caddy-data")?.path, "/data");
    fact("caddy-config:/config", system.edge.mounts.find((one) => one.volume === "caddy-config")?.path, "/config");
    fact("memgraph-data", memgraph.volume, "memgraph-data");
    fact("memgraph-log", memgraph.logVolume, "memgraph-log");
    fact(
        "project-data:/app/projects",
        backend.mounts.find((one) => one.volume === "project-data")?.path,
        "/app/projects",
    );
    fact("sqlite-data:/app/data", backend.mounts.find((one) => one.volume === "sqlite-data")?.path, "/app/data");
});

describe("Docker Compose (Production): services", () => {
    const memgraphProbe = inEnvironment(memgraph.health, "prod");
    const backendProbe = inEnvironment(backend.health, "prod");
    fact("MEMGRAPH_LOG_LEVEL=WARNING", memgraph.logLevel, "WARNING");
    fact("Memgraph: nc -z localhost 7687", memgraphProbe.kind === "exec" && memgraphProbe.command, [
        "nc",
        "-z",
        "localhost",
        "7687",
    ]);
    fact("Memgraph: interval 30s, timeout 10s, retries 3", pace(memgraphProbe), [30, 10, 3]);
    fact(
        "backend: curl -f http://localhost:3000/api/health",
        backendProbe.kind === "http" && [backendProbe.client, backendProbe.port, backendProbe.path],
        ["curl", 3000, "/api/health"],
    );
    fact("backend: interval 30s, timeout 10s, retries 3", pace(backendProbe), [30, 10, 3]);
    fact("backend in staging: as in production", pace(inEnvironment(backend.health, "staging")), [30, 10, 3]);
    fact("backend in dev: the same check, sooner", pace(inEnvironment(backend.health, "dev")), [2, 2, 15]);
    fact("backend depends on a healthy Memgraph", backend.dependsOn, ["memgraph"]);
    fact("frontend depends on nothing", frontend.dependsOn, []);
});

describe("Health Endpoints", () => {
    const deep = system.smoke.deep.find((one) => one.path === "/api/health/deep");
    fact("GET /api/health/deep of the backend", deep?.service, "backend");
    fact("checks Memgraph and SQLite's integrity", deep?.expect, {
        checks: { memgraph: { status: "ok" }, sqlite: { status: "ok", integrityCheck: "ok" } },
    });
});

describe("Metrics Collection", () => {
    fact("GET /metrics", backend.metricsPath, "/metrics");
    fact("not for the outside", system.edge.privatePaths.includes("/metrics"), true);
});

describe("Alert Rules: Critical Alerts", () => {
    alertFacts(system, [
        ["ServiceDown", "up == 0", 2 * 60, "critical", "OpenCode service is down"],
        ["HighErrorRate", "error_rate > 5%", 5 * 60, "critical", "Error rate above 5%"],
        ["DatabaseConnectionFailed", "memgraph_connected == 0", 60, "critical", "Memgraph connection failed"],
        ["DiskSpaceCritical", "disk_usage > 90%", 5 * 60, "critical", "Disk usage above 90%"],
    ]);
});

describe("Alert Rules: Warning Alerts", () => {
    alertFacts(system, [
        ["HighLatency", "p95_latency > 2000ms", 10 * 60, "warning", "High API latency detected"],
        ["MemoryHigh", "memory_usage > 80%", 10 * 60, "warning", "Memory usage above 80%"],
        ["AICostHigh", "ai_cost_per_hour > 10", 60 * 60, "warning", "AI costs exceeding budget"],
    ]);
});

describe("Backup Strategy: What to Backup", () => {
    fact("SQLite database (taskmaster.db)", backup(system, "sqlite").method, "sqlite3 .backup");
    fact("Memgraph graph data", backup(system, "memgraph").method, "DUMP DATABASE");
    fact("Project files", backup(system, "project-data").method.startsWith("tar"), true);
    fact("Configuration files (.env)", backup(system, "config").method.includes("environment file"), true);
});

describe("Backup Schedule", () => {
    for (const store of ["sqlite", "memgraph", "project-data", "config"]) {
        fact(`${store}: daily at 2 AM`, cron(system, store, "daily"), "0 2 * * *");
        fact(`${store}: weekly full, Sunday 3 AM`, cron(system, store, "weekly-full"), "0 3 * * 0");
        fact(`${store}: hourly in business hours`, cron(system, store, "hourly-incremental"), "0 9-17 * * 1-5");
        fact(
            `${store}: the weekly one is full, the hourly one incremental`,
            backup(system, store)
                .schedules.filter((one) => ["weekly-full", "hourly-incremental"].includes(one.name))
                .map((one) => one.kind),
            ["full", "incremental"],
        );
    }
});

describe("Backup Script", () => {
    fact("/app/data/taskmaster.db", sqlite.path, "/app/data/taskmaster.db");
    fact("in opencode-backend", sqlite.service, "backend");
    for (const one of system.backups) {
        fact(`${one.store}: keep last 30 days`, one.retention.days, 30);
        fact(`${one.store}: -mtime +30 on the machine`, one.retention.localDays, 30);
        fact(`${one.store}: s3://opencode-backups/`, one.bucket, "opencode-backups");
    }
});

describe("RTO & RPO Targets", () => {
    objectiveFacts(system, [
        ["service-crash", 5, 0, "Critical"],
        ["database-corruption", 30, 60, "High"],
        ["complete-loss", 4 * 60, 24 * 60, "High"],
        ["infrastructure-failure", 2 * 60, 24 * 60, "Medium"],
    ]);
});

describe("Maintenance Procedures", () => {
    fact("Weekly: clean logs older than 7 days", system.logs.retentionDays["application"], 7);
    fact("Updating OpenCode: bun run migrate in the backend", system.migrations, [
        { name: "migrate", service: "backend", command: ["bun", "run", "migrate"], timeoutSeconds: 600 },
    ]);
    fact("AI Requests Timing Out: AI_TIMEOUT_MS can be set", variable(backend, "AI_TIMEOUT_MS").required, false);
});

describe("Scaling Strategy", () => {
    const prod = inEnvironment(backend.resources, "prod");
    const graph = inEnvironment(memgraph.resources, "prod");
    fact("backend replicas: 3 in prod, one in dev", everywhere(backend.replicas), [1, 2, 3]);
    fact("the load balancer names three backends", backend.maxReplicas, 3);
    fact("backend limits: cpus 2", prod.cpuLimit, 2);
    fact("backend limits: memory 4G", prod.memoryLimitMiB, 4096);
    fact("backend reservations: cpus 1", prod.cpuReservation, 1);
    fact("backend reservations: memory 2G", prod.memoryReservationMiB, 2048);
    fact("Memgraph limits: cpus 4", graph.cpuLimit, 4);
    fact("Memgraph limits: memory 8G", graph.memoryLimitMiB, 8192);
    fact(
        "Stateless Design: SQLite on a shared volume",
        system.volumes.find((one) => one.name === "sqlite-data")?.shared,
        true,
    );
});

describe("Capacity Planning", () => {
    alertFacts(system, [
        ["CapacityCpu", "CPU > 70% sustained", 1800, "info", "Add backend replicas"],
        ["CapacityMemory", "Memory > 3GB", 1800, "info", "Increase limits"],
        ["CapacityDisk", "Disk > 40GB", 1800, "info", "Expand volume"],
        ["CapacityGraphNodes", "Memgraph Nodes > 50K", 1800, "info", "Optimize queries"],
        ["CapacityUsers", "Concurrent Users > 200", 1800, "info", "Scale backend"],
    ]);
});

describe("Security Monitoring", () => {
    alertFacts(system, [
        ["LargeUpload", "upload > 100MB", 0, "warning"],
        ["AIUsageSpike", "ai_requests > 100 in 1h", 0, "warning"],
    ]);
    fact("a whole project may be uploaded (MAX_PROJECT_SIZE_MB)", system.edge.maxBodyMiB, 500);
});

describe("Environment Variables Reference", () => {
    const table: [string, boolean, string | undefined][] = [
        ["NODE_ENV", true, "development"],
        ["PORT", false, "3000"],
        ["DEFAULT_AI_MODEL", false, "gpt-4o-mini"],
        ["MEMGRAPH_URI", true, undefined],
        ["SQLITE_PATH", false, "./data/taskmaster.db"],
        ["ENABLE_CACHING", false, "true"],
        ["MAX_PROJECT_SIZE_MB", false, "500"],
        ["LOG_LEVEL", false, "info"],
    ];
    for (const [name, required, standard] of table) {
        fact(`${name}: required ${required}`, variable(backend, name).required, required);
        fact(`${name}: default ${standard ?? "none"}`, variable(backend, name).documentDefault, standard);
    }
    fact("OPENROUTER_API_KEY: required", secret(system, "OPENROUTER_API_KEY").required, true);
    fact("ENCRYPTION_KEY: required", secret(system, "ENCRYPTION_KEY").required, true);
    fact("SQLITE_PATH is set to where the volume is", set(backend, "SQLITE_PATH", "prod"), sqlite.path);
});

describe("Port Reference", () => {
    fact("3000 Backend", backend.port, 3000);
    fact("5173 Frontend", frontend.port, 5173);
    fact("7687 Memgraph, Bolt", memgraph.boltPort, 7687);
    fact("7444 Memgraph, Monitoring", memgraph.monitoringPort, 7444);
});

describe("File Locations", () => {
    for (const name of ["backend", "frontend", "memgraph"]) {
        const path = `/var/log/opencode/${name}.log`;
        fact(path, system.logs.files.includes(path), true);
    }
});
