/** The services of DEBT-OS, and their variables. Section names are those of its "DEBT-OS Operations Guide". */
import { env, NODE_ENV_VALUE } from "./shared/env";
import { httpProbe } from "./shared/probes";
import { devResources, replicas, resources, sized } from "./shared/resources";
import type { EnvVar, Service } from "./types";

const REPO_STORAGE = "/var/lib/debt-os/repos";

/** Environment Configuration: what the API and the queue workers share. */
const COMMON_ENV: EnvVar[] = [
    env("NODE_ENV", "Environment mode", { required: true, documentDefault: "production", value: NODE_ENV_VALUE }),
    env("PORT", "Port of the API, and of a worker's health and metrics", {
        required: true,
        documentDefault: "3001",
        value: "3001",
    }),
    // The document offers DATABASE_URL "or individual variables"; both are set, to the same database, for a program
    // that reads either.
    env("DB_HOST", "Database host", { documentDefault: "localhost", value: "{host:postgres}" }),
    env("DB_PORT", "Database port", { documentDefault: "5432", value: "{port:postgres}" }),
    env("DB_USERNAME", "Database role", { documentDefault: "debt_os", value: "{user:postgres}" }),
    env("DB_DATABASE", "Database name", { documentDefault: "debt_os", value: "{database:postgres}" }),
    env("DB_SSL", "Encrypt database connections", { documentDefault: "true", value: "true" }),
    env("REDIS_HOST", "Redis host", { documentDefault: "localhost", value: "{host:redis}" }),
    env("REDIS_PORT", "Redis port", { documentDefault: "6379", value: "{port:redis}" }),
    env("REPO_STORAGE_PATH", "Where repositories are cloned", {
        required: true,
        documentDefault: REPO_STORAGE,
        value: REPO_STORAGE,
    }),
    // Logging: "debug (not in production)"; staging is run as production is.
    env("LOG_LEVEL", "Logging level", { documentDefault: "info", value: { default: "info", dev: "debug" } }),
];

const STORE_SECRETS = ["DATABASE_URL", "DB_PASSWORD", "REDIS_URL", "REDIS_PASSWORD"];
const LLM_SECRETS = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"];

/** Kubernetes Deployment: requests and limits. Troubleshooting: "increase limit if needed", to 4G. */
const SERVICE_SIZE = {
    resources: sized(devResources(512), resources([0.25, 1], [512, 2048])),
    scaling: { memoryMiB: [512, 4096] } as { memoryMiB: [number, number] },
};

export const api: Service = {
    name: "api",
    role: "backend",
    image: "debt-os-api",
    port: 3001,
    // Kubernetes Deployment: `replicas: 2`. Silent on more; with 4 at 20 connections each the database is at the 80
    // that it alerts on.
    replicas: replicas(2),
    maxReplicas: 4,
    ...SERVICE_SIZE,
    env: [
        ...COMMON_ENV,
        env("JWT_EXPIRES_IN", "Lifetime of a session", { required: true, documentDefault: "7d", value: "7d" }),
        env("GITHUB_CALLBACK_URL", "Where GitHub sends a user back to", {
            required: true,
            value: "{url}/api/auth/github/callback",
        }),
        env("GITLAB_CALLBACK_URL", "Where GitLab sends a user back to", {
            value: "{url}/api/auth/gitlab/callback",
        }),
        env("CORS_ORIGIN", "Origin that may call the API from a browser", {
            required: true,
            value: "{url}",
        }),
    ],
    secrets: [
        ...STORE_SECRETS,
        "JWT_SECRET",
        "GITHUB_CLIENT_ID",
        "GITHUB_CLIENT_SECRET",
        "GITLAB_CLIENT_ID",
        "GITLAB_CLIENT_SECRET",
        ...LLM_SECRETS,
    ],
    mounts: [{ volume: "repos", path: REPO_STORAGE }],
    health: httpProbe("/api/health", 3001),
    // Not /api/health/redis as well: with the queue away, findings can still be read.
    readiness: httpProbe("/api/health/db", 3001),
    // Silent on the path, but Alerting Rules are written on what it would serve.
    metricsPath: "/metrics",
    dependsOn: ["postgres", "redis"],
    outbound: true,
    user: "10001:10001",
    writable: ["/tmp"],
};

/**
 * In the document the queue workers run inside of the API ("docker-compose logs api | grep worker"). Apart, a scan
 * cannot slow the API down, and each is scaled by its own measure. Silent on their number: as many as the API has.
 */
export const worker: Service = {
    name: "worker",
    role: "worker",
    image: "debt-os-worker",
    port: 3001,
    unrouted: "It takes its work from a queue: nobody calls it.",
    replicas: replicas(2),
    maxReplicas: 4,
    ...SERVICE_SIZE,
    env: COMMON_ENV,
    secrets: [...STORE_SECRETS, ...LLM_SECRETS],
    mounts: [{ volume: "repos", path: REPO_STORAGE }],
    health: httpProbe("/api/health", 3001),
    metricsPath: "/metrics",
    dependsOn: ["postgres", "redis"],
    outbound: true,
    user: "10001:10001",
    writable: ["/tmp"],
};
