/**
 * The services of the OpenCode Development Platform, and their variables. Section names are those of its "Operations
 * Manual", version 1.0.
 */
import { env, NODE_ENV_VALUE } from "./shared/env";
import { httpProbe } from "./shared/probes";
import { devResources, replicas, resources, sized } from "./shared/resources";
import type { Service } from "./types";

/** Port Reference: Memgraph, Graph database (Bolt). */
export const BOLT_PORT = 7687;

export const SQLITE_PATH = "/app/data/taskmaster.db";

/** Configure Environment: Required Environment Variables; defaults from the appendix's reference. */
export const backend: Service = {
    name: "backend",
    role: "backend",
    image: "opencode-backend",
    port: 3000,
    // Horizontal Scaling: `replicas: 3`, and a load balancer that names three.
    replicas: replicas(3),
    maxReplicas: 3,
    // Vertical Scaling: Resource Limits.
    resources: sized(devResources(512), resources([1, 2], [2048, 4096])),
    env: [
        env("NODE_ENV", "Environment mode", {
            required: true,
            documentDefault: "development",
            value: NODE_ENV_VALUE,
        }),
        env("PORT", "Backend port", { documentDefault: "3000", value: "3000" }),
        env("FRONTEND_URL", "Address of the web UI", { required: true, value: "{url}" }),
        env("DEFAULT_AI_MODEL", "Default model", {
            documentDefault: "gpt-4o-mini",
            // The environment file's form, with the provider in front: OpenRouter knows models by that name.
            value: "openai/gpt-4o-mini",
        }),
        env("AI_TEMPERATURE", "Sampling temperature", { documentDefault: "0.7", value: "0.7" }),
        env("AI_MAX_TOKENS", "Most tokens of an answer", { documentDefault: "4000", value: "4000" }),
        env("AI_TIMEOUT_MS", "How long an AI answer may take; 60000 where requests time out (Incident Response)"),
        env("MEMGRAPH_URI", "Memgraph connection", { required: true, value: `bolt://memgraph:${BOLT_PORT}` }),
        // Empty in the document, so not set: Memgraph has no users then, and only the backend can reach it.
        env("MEMGRAPH_USERNAME", "Memgraph user", { documentDefault: "" }),
        // The document also says /data/taskmaster.db, but mounts the volume on /app/data and backs up from there.
        env("SQLITE_PATH", "SQLite path", { documentDefault: "./data/taskmaster.db", value: SQLITE_PATH }),
        env("ALLOWED_ORIGINS", "Origins that may call the API from a browser", { required: true, value: "{url}" }),
        env("ENABLE_CACHING", "Enable caching", { documentDefault: "true", value: "true" }),
        env("CACHE_TTL", "Lifetime of a cached answer in seconds", { documentDefault: "3600", value: "3600" }),
        env("MAX_PROJECT_SIZE_MB", "Max project size", { documentDefault: "500", value: "500" }),
        env("MAX_FILE_SIZE_MB", "Max file size", { documentDefault: "10", value: "10" }),
        env("LOG_LEVEL", "Logging level", { documentDefault: "info", value: { default: "info", dev: "debug" } }),
        env("METRICS_ENABLED", "Serve /metrics", { documentDefault: "true", value: "true" }),
    ],
    secrets: ["OPENROUTER_API_KEY", "ENCRYPTION_KEY", "JWT_SECRET", "MEMGRAPH_PASSWORD", "SENTRY_DSN"],
    mounts: [
        { volume: "project-data", path: "/app/projects" },
        { volume: "sqlite-data", path: "/app/data" },
    ],
    health: httpProbe("/api/health", 3000),
    // No readiness of its own: /api/health/deep includes the AI provider, whose outage must not take files and graph
    // away too.
    metricsPath: "/metrics",
    dependsOn: ["memgraph"],
    outbound: true,
    user: "10001:10001",
    writable: ["/tmp"],
};

export const frontend: Service = {
    name: "frontend",
    role: "frontend",
    image: "opencode-frontend",
    // The Port Reference and the Compose output say 5173, the Caddyfile `frontend:80`. It is 5173: a port that needs no
    // privilege.
    port: 5173,
    // The document scales the backend only. The files are the same in each, so another does no harm.
    replicas: { default: 1 },
    single: "It serves files and keeps nothing: it is back in seconds.",
    maxReplicas: 3,
    // Silent; a server of static files.
    resources: sized(devResources(256), resources([0.1, 0.5], [128, 512])),
    env: [env("PORT", "Frontend port", { documentDefault: "5173", value: "5173" })],
    secrets: [],
    mounts: [],
    // Silent; the backend's pace, on the page that every visit starts with.
    health: httpProbe("/", 5173),
    dependsOn: [],
    outbound: false,
    user: "10001:10001",
    writable: ["/tmp"],
};
