/** The services of DevInfra OpsHub, and their variables. Section names are those of its "Operations". */
import { env, NODE_ENV_VALUE } from "./shared/env";
import { httpProbe } from "./shared/probes";
import { devResources, gib, replicas, resources, sized } from "./shared/resources";
import type { EnvVar, Service } from "./types";

/** Optional Variables. The table's "Production" is taken for staging too, unless said otherwise. */
const COMMON_ENV: EnvVar[] = [
    env("NODE_ENV", "Environment mode", { documentDefault: "development", value: NODE_ENV_VALUE }),
    env("PORT", "Port of the API, and of a worker's health and metrics", { documentDefault: "4000", value: "4000" }),
    env("API_BASE_URL", "API base URL", { documentDefault: "http://localhost:4000", value: "{apiUrl}" }),
    env("WEB_BASE_URL", "Web app base URL", { documentDefault: "http://localhost:3000", value: "{url}" }),
    env("LOG_LEVEL", "Logging level", {
        documentDefault: "info",
        // Staging is there to find out why something failed.
        value: { default: "warn", dev: "info", staging: "info" },
    }),
    // In dev the provider, Slack and GitHub have placeholders for keys: without these three it could be neither used
    // nor logged into.
    env("ALLOW_TEST_LOGIN", "Enable test login", { documentDefault: "0", value: { default: "0", dev: "1" } }),
    env("DISABLE_SLACK", "Disable Slack notifications", { documentDefault: "0", value: { default: "0", dev: "1" } }),
    env("USE_MOCK_PROVIDER", "Use mock provider", { documentDefault: "0", value: { default: "0", dev: "1" } }),
    env("VERCEL_PROJECT_ID", "Vercel project ID"),
    env("NETLIFY_SITE_ID", "Netlify site ID"),
    env("SLACK_CHANNEL", "Slack channel ID"),
];

const COMMON_SECRETS = [
    "DATABASE_URL",
    "DATABASE_REPLICA_URL",
    "REDIS_URL",
    "JWT_SECRET",
    "ENCRYPTION_KEY_BASE64",
    "GITHUB_CLIENT_ID",
    "GITHUB_CLIENT_SECRET",
    "GITHUB_WEBHOOK_SECRET",
    "VERCEL_TOKEN",
    "NETLIFY_TOKEN",
    "SLACK_BOT_TOKEN",
];

export const api: Service = {
    name: "api",
    role: "backend",
    image: "opshub-api",
    port: 4000,
    // Kubernetes Deployment: `replicas: 3`. Scaling: 2-10 instances.
    replicas: replicas(3),
    maxReplicas: 10,
    // Vertical Scaling begins at 2 cores and 4 GB; silent on reservations: half.
    resources: sized(devResources(512), resources([1, 2], [gib(2), gib(4)])),
    scaling: { replicas: [2, 10], cpu: [2, 8], memoryMiB: [gib(4), gib(16)] },
    env: COMMON_ENV,
    secrets: COMMON_SECRETS,
    // Kubernetes Deployment: `secretKeyRef`.
    secretsAsVariables: true,
    mounts: [],
    // Silent on interval, timeout and retries: OpenCode's.
    health: httpProbe("/healthz", 4000),
    // The document checks Postgres and Redis by hand; the path of one request that does both is chosen here.
    readiness: httpProbe("/readyz", 4000),
    metricsPath: "/metrics",
    dependsOn: ["postgres", "redis"],
    outbound: true,
    user: "10001:10001",
    writable: ["/tmp"],
};

export const worker: Service = {
    name: "worker",
    role: "worker",
    image: "opshub-worker",
    port: 4000,
    // Scaling: "Multiple worker instances". Silent on how many: two, and four at most.
    unrouted: "It takes its work from a queue: nobody calls it.",
    replicas: replicas(2),
    maxReplicas: 4,
    // Silent; half of an API server, as a worker waits for providers most of the time.
    resources: sized(devResources(512), resources([0.5, 1], [gib(1), gib(2)])),
    env: COMMON_ENV,
    secrets: COMMON_SECRETS,
    // Kubernetes Deployment: `secretKeyRef`.
    secretsAsVariables: true,
    mounts: [],
    health: httpProbe("/healthz", 4000),
    metricsPath: "/metrics",
    dependsOn: ["postgres", "redis"],
    outbound: true,
    user: "10001:10001",
    writable: ["/tmp"],
};

export const web: Service = {
    name: "web",
    role: "frontend",
    image: "opshub-web",
    // Optional Variables: WEB_BASE_URL's default.
    port: 3000,
    // Silent; two, so that one can be replaced without an interruption.
    replicas: replicas(2),
    maxReplicas: 4,
    resources: sized(devResources(256), resources([0.25, 1], [256, 1024])),
    env: [
        env("NODE_ENV", "Environment mode", { documentDefault: "development", value: NODE_ENV_VALUE }),
        env("PORT", "Port of the web app", { documentDefault: "3000", value: "3000" }),
        // Production Docker Compose: set from API_BASE_URL.
        env("NEXT_PUBLIC_API_BASE_URL", "Address of the API, as browsers see it", { value: "{apiUrl}" }),
    ],
    secrets: [],
    mounts: [],
    health: httpProbe("/", 3000),
    // Production Docker Compose: depends_on api.
    dependsOn: ["api"],
    outbound: false,
    user: "10001:10001",
    writable: ["/tmp"],
};
