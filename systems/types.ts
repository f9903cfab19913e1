/**
 * The shape of a system: everything that its document says, as data.
 *
 * A system names no target and no engine. Units: memory and disk in MiB, cpu in cores, time in seconds, unless a
 * field's name says otherwise.
 */

export const SYSTEM_KEYS = ["opencode", "opencode-acp", "debt-os", "project-manager", "opshub"] as const;
export type SystemKey = (typeof SYSTEM_KEYS)[number];

export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** A value that may differ between environments; an environment that is not named takes `default`. */
export interface PerEnvironment<T> {
    default: T;
    dev?: T;
    staging?: T;
    prod?: T;
}

export interface System {
    key: SystemKey;
    title: string;
    /** The document that every figure comes from, with its version and date where it has them. */
    document: string;
    /** What the system is, in one sentence. */
    summary: string;
    services: Service[];
    stores: Stores;
    volumes: Volume[];
    secrets: Secret[];
    edge: Edge;
    /** One-off commands that run once per release, in this order, before any service changes. */
    migrations: Migration[];
    logs: LogPolicy;
    backups: Backup[];
    alerts: Alert[];
    objectives: Objective[];
    smoke: Smoke;
    /** What the document asks of the machine, where it says so. */
    host?: { minimum: HostSize; recommended?: HostSize };
    /** For users: where the document is silent or contradicts itself, and what was chosen. */
    notes: string[];
}

export interface HostSize {
    cpu?: number;
    memoryMiB: number;
    diskMiB: number;
}

/** What the document allows one replica, and how many of them, lowest to highest. */
export interface ScalingRange {
    replicas?: [number, number];
    cpu?: [number, number];
    memoryMiB?: [number, number];
}

/** A process of the platform's own: an API, a web frontend or a queue worker. */
export interface Service {
    /** DNS name inside the stack, and the key under `services` in the stack's config. */
    name: string;
    role: "backend" | "frontend" | "worker";
    /** Key in `images/catalog.ts`. */
    image: string;
    /** Overrides the image's command. */
    command?: string[];
    /** The port that it listens on; workers have none or a metrics port. */
    port?: number;
    replicas: PerEnvironment<number>;
    /** Most replicas that the document allows; equal to `replicas` where it cannot be scaled. */
    maxReplicas: number;
    resources: PerEnvironment<Resources>;
    /** Where the document gives a range for scaling. */
    scaling?: ScalingRange;
    env: EnvVar[];
    /** Names of `System.secrets` that this service is given. */
    secrets: string[];
    mounts: Mount[];
    /** The document's interval in staging and prod; shorter in dev, where the first answer is waited for. */
    health: PerEnvironment<Probe>;
    /** Reports whether dependencies can be reached; never used as liveness. */
    readiness?: PerEnvironment<Probe>;
    /** Path of the Prometheus endpoint on `port`. */
    metricsPath?: string;
    /** Names of services and stores (`postgres`, `redis`, `memgraph`) that must be healthy first. */
    dependsOn: string[];
    /** Calls addresses outside of the stack (an AI provider, a code host, a chat service). */
    outbound: boolean;
    /** Numeric uid:gid that the process runs as. */
    user: string;
    /** Paths that must be writable although the root file system is read-only, held in memory. */
    writable: string[];
}

/** Limits and reservations of one replica. */
export interface Resources {
    cpuLimit: number;
    cpuReservation: number;
    memoryLimitMiB: number;
    memoryReservationMiB: number;
}

export interface EnvVar {
    name: string;
    required: boolean;
    /** The document's default, or else the value that its example file sets; not an example that only shows a form. */
    documentDefault?: string;
    /**
     * What this stack sets. May hold `{domain}`, `{url}` (https://domain and its port if not 443), `{apiUrl}`. Absent:
     * not set unless the stack's config does (then `required` makes its absence an error).
     */
    value?: PerEnvironment<string>;
    description: string;
}

export type SecretShape =
    /** `bytes` random bytes as standard base64, e.g. `openssl rand -base64 32`. */
    | { kind: "base64"; bytes: number }
    /** `length` characters of A-Z, a-z and 0-9. */
    | { kind: "alphanumeric"; length: number }
    /**
     * A credential that an outsider issues: given in config, else a placeholder in dev and an error elsewhere when
     * required.
     */
    | { kind: "given"; example: string }
    /**
     * Built from others at deploy time, e.g. a connection string. `{password:postgres}` and `{password:redis}` are put
     * in, URL-encoded.
     */
    | { kind: "derived"; template: string };

export interface Secret {
    /**
     * The environment variable's name in the document. The file is mounted as `/run/secrets/<name>`, and `<name>_FILE`
     * names it.
     */
    name: string;
    shape: SecretShape;
    required: boolean;
    /** Names of secrets that make up for this one: it is required only while none of them is given. */
    alternatives?: string[];
    description: string;
}

export interface Volume {
    name: string;
    size: PerEnvironment<number>;
    /** Holds data that cannot be made anew: protected and kept on delete outside of dev. */
    stateful: boolean;
    /** Several replicas may mount it at once. */
    shared: boolean;
    description: string;
}

export interface Mount {
    volume: string;
    path: string;
    readOnly?: boolean;
}

export type Probe = (
    | { kind: "http"; path: string; port: number; client: "curl" | "wget" }
    | { kind: "tcp"; port: number }
    | { kind: "exec"; command: string[] }
) & { intervalSeconds: number; timeoutSeconds: number; retries: number; startPeriodSeconds: number };

export interface Stores {
    postgres?: PostgresStore;
    redis?: RedisStore;
    memgraph?: MemgraphStore;
    sqlite?: SqliteStore;
}

interface StoreBase {
    image: string;
    /** Names in `System.volumes`, by what they hold. */
    volume: string;
    resources: PerEnvironment<Resources>;
    /** Where the document gives a range for scaling. */
    scaling?: ScalingRange;
    health: PerEnvironment<Probe>;
    /** How long it may take to stop before it is killed. */
    stopGraceSeconds: number;
    /** Numeric uid:gid that the process runs as: that of the image which the document names. */
    runAs: string;
}

export interface PostgresStore extends StoreBase {
    /** The database's role, not the process's user. */
    user: string;
    database: string;
    extensions: string[];
    /** `postgresql.conf` settings, set as `-c name=value`. */
    settings: Record<string, string>;
    /** Settings that differ in an environment, over `settings`; `postgresSettings` puts the two together. */
    settingsIn?: Partial<Record<Environment, Record<string, string>>>;
    /** `/dev/shm`; at least maintenance_work_mem. */
    shmMiB: number;
    /** Read replicas by streaming replication (Kubernetes). */
    readReplicas: PerEnvironment<number>;
    /** Connections of a pooler in front of it, where the document asks for one (Kubernetes). */
    poolSize?: number;
}

export interface RedisStore extends StoreBase {
    appendOnly: boolean;
    appendFsync: "everysec" | "always" | "no";
    maxMemoryMiB: number;
    maxMemoryPolicy: string;
    maxClients?: number;
    /** RDB save points, `seconds changes`. Empty: no RDB. */
    save: string[];
}

export interface MemgraphStore extends StoreBase {
    logVolume: string;
    logLevel: string;
    /** `--memory-limit` in MiB; below the container's limit. */
    memoryLimitMiB: PerEnvironment<number>;
    boltPort: number;
    monitoringPort: number;
    snapshotIntervalSeconds: number;
    snapshotRetention: number;
}

/** A database file on a volume of a service. It has no container of its own. */
export interface SqliteStore {
    service: string;
    volume: string;
    /** Path inside the service's container. */
    path: string;
}

export interface Edge {
    /**
     * Host names are `domain` and, for a route with `subdomain`, `<subdomain>.<domain>`. The first match wins; a route
     * without path takes the rest.
     */
    routes: Route[];
    /** Largest request body. Source: the document, else 100 MiB. */
    maxBodyMiB: number;
    /** Ports on loopback in dev, different for each system so that all run side by side. */
    devHttpPort: number;
    devHttpsPort: number;
    /** Caddy's own limits. */
    resources: PerEnvironment<Resources>;
    image: string;
    /** Certificates, Caddy's own state and its access log. */
    mounts: Mount[];
    /** Answered with 404 whatever the route: for the inside only, e.g. `/metrics`. */
    privatePaths: string[];
}

export interface Route {
    service: string;
    /** Caddy path matchers, e.g. `/api/*`. Absent: everything else. */
    paths?: string[];
    subdomain?: string;
}

export interface Migration {
    name: string;
    /** Runs in this service's image, with its env and secrets. */
    service: string;
    command: string[];
    timeoutSeconds: number;
}

export interface LogPolicy {
    level: PerEnvironment<string>;
    /** Rotation of each container's log on its host. */
    maxFileMiB: number;
    maxFiles: number;
    /** Days by kind of log, e.g. `{application: 30, audit: 365}`. */
    retentionDays: Record<string, number>;
    /** Paths of log files that the document names. */
    files: string[];
}

export interface Backup {
    /** `postgres`, `redis`, `memgraph`, `sqlite`, or a volume's name, or `config`. */
    store: string;
    /** In UTC unless the stack says otherwise. Empty: not scheduled, `method` says why. */
    schedules: { name: string; cron: string; kind: "full" | "incremental" | "logical" | "snapshot" }[];
    retention: { daily?: number; weekly?: number; days?: number; localDays?: number };
    /** How the document does it. */
    method: string;
    source: string;
}

export interface Alert {
    name: string;
    /** What the document says, in its words. */
    condition: string;
    forSeconds: number;
    severity: "critical" | "warning" | "info";
    summary: string;
    source: string;
}

export interface Objective {
    scenario: "service-crash" | "database-corruption" | "complete-loss" | "infrastructure-failure";
    /** Recovery time objective. */
    rtoSeconds: number;
    /** Recovery point objective. */
    rpoSeconds: number;
    priority?: string;
    source: string;
}

/**
 * How to prove from outside that the platform works, through the edge. An answer passes with a 2xx status when
 * everything that `expect` names, at any depth, is equal in its JSON; what `expect` does not name is not looked at, and
 * an empty one asks for the status alone, so the answer need not be JSON.
 */
export interface Smoke {
    health: { service: string; path: string; expect: Record<string, unknown> };
    /** Deeper checks, each through the edge or, where the route is not public, inside the container. */
    deep: {
        name: string;
        service: string;
        path: string;
        method?: "GET" | "POST";
        body?: unknown;
        expect: Record<string, unknown>;
    }[];
}

/** What a system says for one environment. */
export function inEnvironment<T>(value: PerEnvironment<T>, environment: Environment): T {
    const own = value[environment];
    return own === undefined ? value.default : own;
}

/** The `postgresql.conf` settings of an environment. */
export function postgresSettings(store: PostgresStore, environment: Environment): Record<string, string> {
    return { ...store.settings, ...store.settingsIn?.[environment] };
}
