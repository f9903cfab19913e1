/** MCP Project Manager's data against a transcript of its "Operations Guide", section by section. */
import { describe } from "vitest";

import { SYSTEMS } from "../../../systems";
import { databasesOf, inEnvironment, withDatabase } from "../../../systems/types";
import { backup, cron, everywhere, fact, objectiveFacts, pace, secret, service, set, variable } from "./fact";

const system = SYSTEMS["project-manager"];
const backend = service(system, "backend");
const frontend = service(system, "frontend");
const redis = system.stores.redis!;
const sqlite = system.stores.sqlite!;

describe("Database Maintenance: Backup Procedures", () => {
    fact("SQLite file sql_app.db", sqlite.path.split("/").at(-1), "sql_app.db");
    fact("of the backend", sqlite.service, "backend");
    fact("on a volume that the backend mounts", backend.mounts[0], { volume: sqlite.volume, path: "/app/data" });
    fact("SQLite in every environment", everywhere(variable(backend, "DATABASE_URL").value!), [
        "sqlite:////app/data/sql_app.db",
        "sqlite:////app/data/sql_app.db",
        "sqlite:////app/data/sql_app.db",
    ]);
    fact("and no Postgres, unless the stack asks for it", system.stores.postgres, undefined);
});

describe("Database Maintenance: Backup Procedures, PostgreSQL", () => {
    const other = withDatabase(system, "postgres");
    const postgres = other.stores.postgres!;
    const itsBackend = service(other, "backend");
    fact("beside SQLite, which is the default", databasesOf(system), ["sqlite", "postgres"]);
    fact("SQLite by its name is the system as it is", withDatabase(system, "sqlite"), system);
    fact("instead of SQLite", other.stores.sqlite, undefined);
    fact(
        "pg_dump, daily",
        [backup(other, "postgres").method, cron(other, "postgres", "daily")],
        ["pg_dump", "0 2 * * *"],
    );
    fact("DATABASE_URL names it, as a secret", secret(other, "DATABASE_URL").shape, {
        kind: "derived",
        template: "postgresql://project_manager:{password:postgres}@postgres:5432/project_manager",
    });
    fact("and as nothing else", itsBackend.env.map((one) => one.name).includes("DATABASE_URL"), false);
    fact("the backend waits for it", itsBackend.dependsOn, ["postgres", "redis"]);
    fact("the backend keeps its logs and no SQLite", itsBackend.mounts, [{ volume: "logs", path: "/app/logs" }]);
    fact(
        "the same role owns the same database",
        [postgres.user, postgres.database],
        ["project_manager", "project_manager"],
    );
    fact("one backend still: the audit log is a file", itsBackend.maxReplicas, 1);
});

describe("Database Maintenance: Migration Management", () => {
    fact("python -m alembic upgrade head in the backend", system.migrations, [
        {
            name: "migrate",
            service: "backend",
            command: ["python", "-m", "alembic", "upgrade", "head"],
            timeoutSeconds: 600,
        },
    ]);
});

describe("Monitoring and Logging: System Health", () => {
    const probe = inEnvironment(backend.health, "prod");
    fact("port 8000", backend.port, 8000);
    fact("curl http://localhost:8000/health", probe.kind === "http" && [probe.client, probe.port, probe.path], [
        "curl",
        8000,
        "/health",
    ]);
    fact('"status": "healthy"', system.smoke.health.expect, { status: "healthy" });
    fact('"version": "1.0.0", "database": "connected"', system.smoke.deep[0]?.expect, {
        status: "healthy",
        version: "1.0.0",
        database: "connected",
    });
    fact("/health is the backend's from outside too", system.edge.routes[0]?.paths?.includes("/health"), true);
    fact("silent on its pace: OpenCode's", pace(probe), [30, 10, 3]);
    fact("silent on what it is restarted for: that it listens no more", inEnvironment(backend.liveness!, "prod"), {
        kind: "tcp",
        port: 8000,
        intervalSeconds: 30,
        timeoutSeconds: 10,
        retries: 3,
        startPeriodSeconds: 30,
    });
});

describe("Monitoring and Logging: Log Locations", () => {
    for (const name of ["app.log", "error.log", "access.log", "audit.log"]) {
        fact(`backend/logs/${name}`, system.logs.files.includes(`/app/logs/${name}`), true);
    }
    fact("on a volume", backend.mounts[1], { volume: "logs", path: "/app/logs" });
    fact("that is kept", system.volumes.find((one) => one.name === "logs")?.stateful, true);
    fact("the backend is told so", set(backend, "LOG_DIR", "prod"), "/app/logs");
});

describe("Troubleshooting", () => {
    fact("DATABASE_URL is in backend/.env", variable(backend, "DATABASE_URL").required, true);
    fact("frontend: its own port", frontend.port, 3000);
    fact("frontend: needs the backend", frontend.dependsOn, ["backend"]);
    fact("frontend/.env.local: the backend's address", set(frontend, "NEXT_PUBLIC_API_URL", "prod"), "{url}");
    fact("AUTH_002, tokens are signed", secret(system, "SECRET_KEY").shape, { kind: "alphanumeric", length: 64 });
});

describe("Automated Backup Script", () => {
    fact("database, daily", cron(system, "sqlite", "daily"), "0 2 * * *");
    fact("configuration files, daily", cron(system, "config", "daily"), "0 2 * * *");
    fact(
        "backend/.env and frontend/.env.local",
        ["backend/.env", "frontend/.env.local"].every((one) => backup(system, "config").method.includes(one)),
        true,
    );
});

describe("Caching Strategy", () => {
    const shape = secret(system, "REDIS_URL").shape;
    fact("port 6379, db 0", shape.kind === "derived" && shape.template.endsWith("@redis:6379/0"), true);
    fact("expiration=300", set(backend, "CACHE_EXPIRATION", "prod"), "300");
    fact("a cache: nothing is persisted", [redis.appendOnly, redis.save], [false, []]);
    fact("a cache: may be emptied", redis.maxMemoryPolicy, "allkeys-lru");
    fact(
        "a cache: not backed up",
        system.backups.some((one) => one.store === "redis"),
        false,
    );
});

describe("where the document is silent", () => {
    objectiveFacts(system, [
        ["service-crash", 5, 0],
        ["database-corruption", 30, 60],
        ["complete-loss", 4 * 60, 24 * 60],
        ["infrastructure-failure", 2 * 60, 24 * 60],
    ]);
    for (const one of [...system.objectives, ...system.alerts]) {
        const name = "scenario" in one ? one.scenario : one.name;
        fact(`${name} says that it is OpenCode's`, one.source.startsWith("Taken over from OpenCode"), true);
    }
    fact("one backend: SQLite has one writer", backend.maxReplicas, 1);
});
