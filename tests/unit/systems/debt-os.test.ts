/** DEBT-OS's data against a transcript of its "Operations Guide", section by section. */
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

const system = SYSTEMS["debt-os"];
const api = service(system, "api");
const worker = service(system, "worker");
const postgres = system.stores.postgres!;
const redis = system.stores.redis!;
const command = (probe: { kind: string; command?: string[] }): string => probe.command?.join(" ") ?? probe.kind;

describe("System Requirements", () => {
    fact("minimum 2 cores, 4 GB, 50 GB", system.host?.minimum, { cpu: 2, memoryMiB: 4096, diskMiB: 51200 });
    fact("recommended 4+ cores, 8+ GB, 200+ GB", system.host?.recommended, {
        cpu: 4,
        memoryMiB: 8192,
        diskMiB: 204800,
    });
    const own = system.volumes.filter((one) => !one.name.startsWith("caddy-"));
    const total = (environment: "staging" | "prod"): number =>
        own.reduce((sum, one) => sum + inEnvironment(one.size, environment), 0) / 1024;
    fact("staging's volumes share the minimum of 50 GB", total("staging"), 50);
    fact("prod's volumes share the recommended 200 GB", total("prod"), 200);
});

describe("External Services", () => {
    fact("API and workers reach them", [api.outbound, worker.outbound], [true, true]);
    for (const [name, other] of [
        ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"],
        ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"],
    ] as const) {
        fact(`${name}: required`, secret(system, name).required, true);
        fact(`${name}: or ${other}`, secret(system, name).alternatives, [other]);
    }
});

describe("Docker Compose: api", () => {
    const probe = inEnvironment(api.health, "prod");
    fact("port 3001", api.port, 3001);
    fact("depends on healthy postgres and redis", api.dependsOn, ["postgres", "redis"]);
    fact("curl -f http://localhost:3001/api/health", probe.kind === "http" && [probe.client, probe.port, probe.path], [
        "curl",
        3001,
        "/api/health",
    ]);
    fact("interval 30s, timeout 10s, retries 3", pace(probe), [30, 10, 3]);
});

describe("Docker Compose: postgres", () => {
    const probe = inEnvironment(postgres.health, "prod");
    fact("pgvector/pgvector:pg16", CATALOG[postgres.image]?.registry, "pgvector/pgvector:pg16");
    fact("postgres_data", postgres.volume, "postgres-data");
    fact("POSTGRES_USER=debt_os", postgres.user, "debt_os");
    fact("POSTGRES_DB=debt_os", postgres.database, "debt_os");
    fact("POSTGRES_PASSWORD is generated", secret(system, "POSTGRES_PASSWORD").shape.kind, "alphanumeric");
    fact("pg_isready -U debt_os, over TCP", command(probe), "pg_isready -h 127.0.0.1 -U debt_os -d debt_os");
    fact("interval 10s, timeout 5s, retries 5", pace(probe), [10, 5, 5]);
});

describe("Docker Compose: redis", () => {
    const probe = inEnvironment(redis.health, "prod");
    fact("redis:7-alpine", CATALOG[redis.image]?.registry, "redis:7-alpine");
    fact("redis_data", redis.volume, "redis-data");
    fact("redis-server --appendonly yes", redis.appendOnly, true);
    fact("redis-cli ping", /redis-cli .*ping/.test(command(probe)), true);
    fact("interval 10s, timeout 5s, retries 5", pace(probe), [10, 5, 5]);
});

describe("Deployment Steps", () => {
    fact("npm run db:migrate in the api", system.migrations, [
        { name: "migrate", service: "api", command: ["npm", "run", "db:migrate"], timeoutSeconds: 600 },
    ]);
});

describe("Kubernetes Deployment", () => {
    const prod = inEnvironment(api.resources, "prod");
    fact("replicas: 2, one in dev", everywhere(api.replicas), [1, 2, 2]);
    fact('requests: memory "512Mi"', prod.memoryReservationMiB, 512);
    fact('requests: cpu "250m"', prod.cpuReservation, 0.25);
    fact('limits: memory "2Gi"', prod.memoryLimitMiB, 2048);
    fact('limits: cpu "1000m"', prod.cpuLimit, 1);
    fact("initialDelaySeconds: 30", inEnvironment(api.health, "prod").startPeriodSeconds, 30);
    fact("High Memory Usage: increase to 4G", api.scaling?.memoryMiB, [512, 4096]);
});

describe("Environment Configuration: Required Variables", () => {
    const inProd: [string, string][] = [
        ["NODE_ENV", "production"],
        ["PORT", "3001"],
        ["DB_HOST", "postgres"],
        ["DB_PORT", "5432"],
        ["DB_USERNAME", "debt_os"],
        ["DB_DATABASE", "debt_os"],
        ["REDIS_HOST", "redis"],
        ["REDIS_PORT", "6379"],
        ["JWT_EXPIRES_IN", "7d"],
        ["GITHUB_CALLBACK_URL", "{url}/api/auth/github/callback"],
        ["GITLAB_CALLBACK_URL", "{url}/api/auth/gitlab/callback"],
        ["REPO_STORAGE_PATH", "/var/lib/debt-os/repos"],
        ["CORS_ORIGIN", "{url}"],
    ];
    for (const [name, value] of inProd) fact(`${name}=${value}`, set(api, name, "prod", system), value);

    const inDocument: [string, string][] = [
        ["NODE_ENV", "production"],
        ["PORT", "3001"],
        ["DB_HOST", "localhost"],
        ["DB_PORT", "5432"],
        ["DB_USERNAME", "debt_os"],
        ["DB_DATABASE", "debt_os"],
        ["DB_SSL", "true"],
        ["REDIS_HOST", "localhost"],
        ["REDIS_PORT", "6379"],
        ["JWT_EXPIRES_IN", "7d"],
        ["REPO_STORAGE_PATH", "/var/lib/debt-os/repos"],
    ];
    for (const [name, value] of inDocument) {
        fact(`the document's ${name}=${value}`, variable(api, name).documentDefault, value);
    }
    fact("DB_SSL=true in every environment", everywhere(variable(api, "DB_SSL").value!), ["true", "true", "true"]);

    const secrets = [
        "DATABASE_URL",
        "DB_PASSWORD",
        "REDIS_URL",
        "REDIS_PASSWORD",
        "JWT_SECRET",
        "GITHUB_CLIENT_ID",
        "GITHUB_CLIENT_SECRET",
        "GITLAB_CLIENT_ID",
        "GITLAB_CLIENT_SECRET",
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
    ];
    for (const name of secrets) fact(`${name} reaches the api as a secret`, api.secrets.includes(name), true);
    fact("DATABASE_URL", secret(system, "DATABASE_URL").shape, {
        kind: "derived",
        template: "postgresql://debt_os:{password:postgres}@postgres:5432/debt_os?sslmode=require",
    });
    fact("REDIS_URL", secret(system, "REDIS_URL").shape, {
        kind: "derived",
        template: "redis://:{password:redis}@redis:6379",
    });
    fact("JWT_SECRET: 64 characters", secret(system, "JWT_SECRET").shape, { kind: "alphanumeric", length: 64 });
    fact("OPENAI_API_KEY=sk-...", secret(system, "OPENAI_API_KEY").shape, { kind: "given", example: "sk-..." });
    fact("ANTHROPIC_API_KEY=sk-ant-...", secret(system, "ANTHROPIC_API_KEY").shape, {
        kind: "given",
        example: "sk-ant-...",
    });
    fact("GitHub OAuth is required", secret(system, "GITHUB_CLIENT_SECRET").required, true);
    fact("GitLab OAuth is optional", secret(system, "GITLAB_CLIENT_SECRET").required, false);
    fact("workers know nothing of sessions", worker.secrets.includes("JWT_SECRET"), false);
});

describe("PostgreSQL", () => {
    fact("CREATE EXTENSION vector", postgres.extensions, ["vector"]);
    fact("Performance Tuning", postgres.settings, {
        shared_buffers: "256MB",
        effective_cache_size: "768MB",
        work_mem: "16MB",
        maintenance_work_mem: "128MB",
        max_connections: "100",
        checkpoint_completion_target: "0.9",
        wal_buffers: "16MB",
        max_parallel_workers_per_gather: "4",
    });
    fact(
        "256 MB are 25 % of the memory kept for it",
        inEnvironment(postgres.resources, "prod").memoryReservationMiB,
        1024,
    );
    fact("Backup Schedule: 2 AM", cron(system, "postgres", "daily"), "0 2 * * *");
    fact("Backup Schedule: keep 7 daily", backup(system, "postgres").retention.daily, 7);
    fact("Backup Schedule: keep 4 weekly", backup(system, "postgres").retention.weekly, 4);
    fact("Backup Schedule: -mtime +7", backup(system, "postgres").retention.localDays, 7);
});

describe("Redis", () => {
    fact("appendonly yes", redis.appendOnly, true);
    fact("appendfsync everysec", redis.appendFsync, "everysec");
    fact("maxmemory 512mb", redis.maxMemoryMiB, 512);
    fact("maxmemory-policy allkeys-lru", redis.maxMemoryPolicy, "allkeys-lru");
    fact("requirepass", secret(system, "REDIS_PASSWORD").required, true);
});

describe("Health Checks", () => {
    const { health, deep } = system.smoke;
    fact('/api/health: { "status": "ok" }', health, { service: "api", path: "/api/health", expect: { status: "ok" } });
    fact(
        "/api/health/db and /api/health/redis",
        deep.map((one) => one.path),
        ["/api/health/db", "/api/health/redis"],
    );
});

describe("Key Metrics and Alerting Rules", () => {
    alertFacts(system, [
        [
            "HighErrorRate",
            'rate(http_requests_total{status=~"5.."}[5m]) > 0.01',
            5 * 60,
            "critical",
            "High error rate detected",
        ],
        ["QueueBacklog", "bull_queue_waiting > 100", 10 * 60, "warning", "Queue backlog growing"],
        ["DatabaseConnectionsHigh", "pg_stat_activity_count > 80", 5 * 60, "warning"],
        ["ApiResponseTimeHigh", "P95 latency > 2000ms", 300, "warning"],
        ["QueueLatencyHigh", "Time job waits > 5 min", 300, "warning"],
        ["MemoryHigh", "Application memory > 80%", 300, "warning"],
        ["LlmTokenUsageHigh", "Daily tokens approaching quota", 300, "warning"],
    ]);
});

describe("Logging", () => {
    fact("debug is not for production", everywhere(system.logs.level), ["debug", "info", "info"]);
    fact(
        "LOG_LEVEL follows",
        ["dev", "prod"].map((one) => set(api, "LOG_LEVEL", one as "dev")),
        ["debug", "info"],
    );
    fact("max 7 days", system.logs.retentionDays["application"], 7);
    fact("1GB per file", system.logs.maxFileMiB, 1024);
});

describe("Backup Strategy", () => {
    fact("Database: 30 days", backup(system, "postgres").retention.days, 30);
    fact("Database: pg_dump", backup(system, "postgres").method.startsWith("pg_dump"), true);
    fact("Redis: hourly", cron(system, "redis", "hourly"), "0 * * * *");
    fact("Redis: 7 days", backup(system, "redis").retention.days, 7);
    fact("Redis: RDB snapshot", backup(system, "redis").method, "RDB snapshot");
    fact("Configs: Git, on change", backup(system, "config").schedules, []);
    fact("Configs: indefinite", backup(system, "config").retention, {});
    const repos = system.volumes.find((one) => one.name === "repos");
    fact("Repo clones: ephemeral", repos?.stateful, false);
    fact(
        "Repo clones: not backed up",
        system.backups.some((one) => one.store === "repos"),
        false,
    );
    fact("Repo clones: where REPO_STORAGE_PATH says", api.mounts, [
        { volume: "repos", path: "/var/lib/debt-os/repos" },
    ]);
});

describe("RTO/RPO Targets", () => {
    objectiveFacts(system, [
        ["service-crash", 5, 0],
        ["database-corruption", 30, 60],
        ["complete-loss", 4 * 60, 24 * 60],
    ]);
});
