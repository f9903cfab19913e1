/** OpsHub's data against a transcript of its "Operations", section by section. */
import { describe } from "vitest";

import { CATALOG } from "../../../images/catalog";
import { SYSTEMS } from "../../../systems";
import { inEnvironment, postgresSettings } from "../../../systems/types";
import { backup, cron, everywhere, fact, objectiveFacts, pace, secret, service, set, variable } from "./fact";

const system = SYSTEMS.opshub;
const api = service(system, "api");
const worker = service(system, "worker");
const web = service(system, "web");
const postgres = system.stores.postgres!;
const redis = system.stores.redis!;
const GIB = 1024;
const volumeOf = (name: string) => system.volumes.find((one) => one.name === name)!.size;

describe("Required Variables", () => {
    const required = [
        "DATABASE_URL",
        "REDIS_URL",
        "JWT_SECRET",
        "ENCRYPTION_KEY_BASE64",
        "GITHUB_CLIENT_ID",
        "GITHUB_CLIENT_SECRET",
        "GITHUB_WEBHOOK_SECRET",
    ];
    for (const name of required) {
        fact(`${name} is required`, secret(system, name).required, true);
        fact(
            `${name} reaches api and worker`,
            [api, worker].every((one) => one.secrets.includes(name)),
            true,
        );
    }
    fact("DATABASE_URL: postgresql://user:pass@host:5432/db", secret(system, "DATABASE_URL").shape, {
        kind: "derived",
        template: "postgresql://opshub:{password:postgres}@pgbouncer:6432/opshub?sslmode=require",
    });
    fact("migrations go straight to Postgres", secret(system, "DATABASE_DIRECT_URL").shape, {
        kind: "derived",
        template: "postgresql://opshub:{password:postgres}@postgres:5432/opshub?sslmode=require",
    });
    fact(
        "and find that in DATABASE_URL",
        system.migrations.map((one) => one.secrets),
        [{ DATABASE_URL: "DATABASE_DIRECT_URL" }, { DATABASE_URL: "DATABASE_DIRECT_URL" }],
    );
    fact("REDIS_URL: redis://host:6379", secret(system, "REDIS_URL").shape, {
        kind: "derived",
        template: "redis://:{password:redis}@redis:6379",
    });
    const jwt = secret(system, "JWT_SECRET").shape;
    fact("JWT_SECRET: 32+ chars", jwt.kind === "alphanumeric" && jwt.length >= 32, true);
    fact("ENCRYPTION_KEY_BASE64: 32 bytes", secret(system, "ENCRYPTION_KEY_BASE64").shape, {
        kind: "base64",
        bytes: 32,
    });
    for (const [name, example] of [
        ["GITHUB_CLIENT_ID", "Iv1.8a61f9b3a7aba766"],
        ["GITHUB_CLIENT_SECRET", "your-github-client-secret"],
        ["GITHUB_WEBHOOK_SECRET", "your-webhook-secret"],
    ] as const) {
        fact(`${name}: ${example}`, secret(system, name).shape, { kind: "given", example });
    }
});

describe("Optional Variables", () => {
    const table: [string, string, string][] = [
        ["NODE_ENV", "development", "production"],
        ["API_BASE_URL", "http://localhost:4000", "{apiUrl}"],
        ["WEB_BASE_URL", "http://localhost:3000", "{url}"],
        ["LOG_LEVEL", "info", "warn"],
        ["ALLOW_TEST_LOGIN", "0", "0"],
        ["DISABLE_SLACK", "0", "0"],
        ["USE_MOCK_PROVIDER", "0", "0"],
    ];
    for (const [name, standard, production] of table) {
        fact(`${name}: optional`, variable(api, name).required, false);
        fact(`${name}: default ${standard}`, variable(api, name).documentDefault, standard);
        fact(`${name}: production ${production}`, set(api, name, "prod"), production);
        fact(`${name}: the same for workers`, variable(worker, name), variable(api, name));
    }
    fact("no test login in staging either", set(api, "ALLOW_TEST_LOGIN", "staging"), "0");
    fact("dev has no keys: test login", set(api, "ALLOW_TEST_LOGIN", "dev"), "1");
    fact("dev has no keys: mock provider", set(api, "USE_MOCK_PROVIDER", "dev"), "1");
});

describe("Provider-Specific Variables", () => {
    for (const name of ["VERCEL_TOKEN", "NETLIFY_TOKEN", "SLACK_BOT_TOKEN"]) {
        fact(`${name}: an outsider's`, secret(system, name).shape.kind, "given");
        fact(`${name}: no must`, secret(system, name).required, false);
    }
    for (const name of ["VERCEL_PROJECT_ID", "NETLIFY_SITE_ID", "SLACK_CHANNEL"]) {
        fact(`${name}: set by the stack's config or not at all`, set(api, name, "prod"), undefined);
    }
});

describe("PostgreSQL Setup", () => {
    fact("SSL/TLS encryption", postgres.tls, "require");
    fact("connection pooling: 20", postgres.pooler?.poolSize, 20);
    const { pooler } = postgres;
    const connections = Number(postgresSettings(postgres, "prod")["max_connections"]);
    fact("the pool fits twice, with as much for who comes straight", connections >= 4 * pooler!.poolSize, true);
    const processes = api.maxReplicas + worker.maxReplicas;
    fact("every process can have its pool to the pooler, twice", pooler!.maxClients >= 2 * processes * 20, true);
    fact(
        "no pool is left over when it is divided",
        everywhere(pooler!.replicas).map((count) => pooler!.poolSize % count),
        [0, 0, 0],
    );
    const run = ["pnpm", "--filter", "@opshub/api", "prisma"];
    fact(
        "prisma migrate deploy, then prisma db seed",
        system.migrations.map((one) => [one.service, one.command]),
        [
            ["api", [...run, "migrate", "deploy"]],
            ["api", [...run, "db", "seed"]],
        ],
    );
    fact("daily backups", cron(system, "postgres", "daily"), "0 2 * * *");
    fact("Backup & Recovery: s3://opshub-backups/", backup(system, "postgres").bucket, "opshub-backups");
    fact("pg_dump", backup(system, "postgres").method.startsWith("pg_dump"), true);
});

describe("Redis Setup", () => {
    fact("memory limit 512MB", redis.maxMemoryMiB, 512);
    fact("persistence: AOF", redis.appendOnly, true);
    fact("persistence: RDB", redis.save.length > 0, true);
    fact("max connections 100", redis.maxClients, 100);
    fact("Redis Optimization: allkeys-lru", redis.maxMemoryPolicy, "allkeys-lru");
});

describe("Health Checks", () => {
    const probe = inEnvironment(api.health, "prod");
    fact("curl http://localhost:4000/healthz", probe.kind === "http" && [probe.client, probe.port, probe.path], [
        "curl",
        4000,
        "/healthz",
    ]);
    fact('expected {"ok": true}', system.smoke.health, { service: "api", path: "/healthz", expect: { ok: true } });
    fact("silent on its pace: OpenCode's", pace(probe), [30, 10, 3]);
    const ping = inEnvironment(redis.health, "prod");
    // With -e anything but PONG, an error then, ends with 1.
    fact("redis-cli ping, expected PONG", ping.kind === "exec" && /redis-cli .* -e ping$/.test(ping.command[2]!), true);
});

describe("Logging: Log Retention", () => {
    fact("application logs: 30 days", system.logs.retentionDays["application"], 30);
    fact("audit logs: 1 year", system.logs.retentionDays["audit"], 365);
    fact("error logs: 90 days", system.logs.retentionDays["error"], 90);
    fact("access logs: 30 days", system.logs.retentionDays["access"], 30);
    fact("production logs warnings", everywhere(system.logs.level), ["info", "info", "warn"]);
});

describe("Docker Deployment", () => {
    fact("postgres:15", CATALOG[postgres.image]?.registry, "postgres:15");
    fact("redis:7", CATALOG[redis.image]?.registry, "redis:7");
    fact("db_data", postgres.volume, "db-data");
    fact("api depends on db and redis", api.dependsOn, ["postgres", "redis"]);
    fact("web depends on api", web.dependsOn, ["api"]);
    fact("NEXT_PUBLIC_API_BASE_URL: ${API_BASE_URL}", set(web, "NEXT_PUBLIC_API_BASE_URL", "prod"), "{apiUrl}");
    fact("web: NODE_ENV production", set(web, "NODE_ENV", "prod"), "production");
    fact("the API is at api.<domain>, the web app at <domain>", system.edge.routes, [
        { service: "api", subdomain: "api" },
        { service: "web" },
    ]);
});

describe("Kubernetes Deployment", () => {
    fact("replicas: 3", everywhere(api.replicas), [1, 2, 3]);
    fact("containerPort: 4000", api.port, 4000);
    fact("web: 3000", web.port, 3000);
});

describe("Database Performance Issues", () => {
    fact("pg_stat_statements", postgres.extensions, ["pg_stat_statements"]);
    fact("is loaded", postgres.settings["shared_preload_libraries"], "pg_stat_statements");
});

describe("Scaling: horizontal", () => {
    fact("API servers: 2-10 instances", api.scaling?.replicas, [2, 10]);
    fact("API servers: 10 at most", api.maxReplicas, 10);
    fact("read replicas for analytics, in prod", everywhere(postgres.readReplicas), [0, 0, 1]);
    fact("a replica has room for what the primary has", inEnvironment(volumeOf("db-data-replica"), "prod"), 100 * GIB);
    fact("as the primary has", volumeOf("db-data"), volumeOf("db-data-replica"));
    fact("analytics are told where it is, and need it not", secret(system, "DATABASE_REPLICA_URL").required, false);
    fact("multiple worker instances", inEnvironment(worker.replicas, "prod") > 1, true);
});

describe("Scaling: vertical", () => {
    const prod = inEnvironment(api.resources, "prod");
    fact("API servers: 2-8 CPU cores", api.scaling?.cpu, [2, 8]);
    fact("API servers: 4-16GB RAM", api.scaling?.memoryMiB, [4 * GIB, 16 * GIB]);
    fact("API servers begin at the lower end", [prod.cpuLimit, prod.memoryLimitMiB], [2, 4 * GIB]);
    fact("Database: 4-16 CPU cores", postgres.scaling?.cpu, [4, 16]);
    fact("Database: 16-64GB RAM", postgres.scaling?.memoryMiB, [16 * GIB, 64 * GIB]);
    const lower = ({ resources }: { resources: typeof api.resources }): [number, number] => {
        const { cpuLimit, memoryLimitMiB } = inEnvironment(resources, "prod");
        return [cpuLimit, memoryLimitMiB];
    };
    fact("Database begins at the lower end", lower(postgres), [4, 16 * GIB]);
    fact("Redis begins at the lower end", lower(redis), [2, 4 * GIB]);
    fact("Redis: 2-8 CPU cores", redis.scaling?.cpu, [2, 8]);
    fact("Redis: 4-32GB RAM", redis.scaling?.memoryMiB, [4 * GIB, 32 * GIB]);
});

describe("where the document is silent", () => {
    objectiveFacts(system, [
        ["service-crash", 5, 0],
        ["database-corruption", 30, 60],
        ["complete-loss", 4 * 60, 24 * 60],
        ["infrastructure-failure", 2 * 60, 24 * 60],
    ]);
    for (const one of system.objectives) {
        fact(`${one.scenario} says that it is OpenCode's`, one.source.startsWith("Taken over from OpenCode"), true);
    }
    for (const one of system.alerts) {
        fact(`${one.name} says where it is from`, /^(Taken over from|Chosen here)/.test(one.source), true);
    }
});
