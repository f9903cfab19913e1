/**
 * The shape of a system: everything that its document says, as data.
 *
 * A system names no target and no engine. Units: memory and disk in MiB, cpu in cores, time in seconds, unless a
 * field's name says otherwise.
 */

import type { Alert, Backup, LogPolicy, Objective, Smoke } from "./operations";
import { containerStores, isExternal, type REPLICA, storeCompanions, type Stores } from "./stores";

export type * from "./operations";
export type * from "./stores";
export {
    containerStores,
    externalStores,
    isExternal,
    POOLER,
    postgresMiB,
    postgresSettings,
    REPLICA,
    REPLICATION_PASSWORD,
    STORE_PASSWORDS,
    storeCompanions,
} from "./stores";

export const SYSTEM_KEYS = ["opencode", "opencode-acp", "debt-os", "project-manager", "opshub"] as const;
export type SystemKey = (typeof SYSTEM_KEYS)[number];

export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export const DATABASES = ["sqlite", "postgres"] as const;
export type Database = (typeof DATABASES)[number];

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
    /**
     * Where the document offers a choice: the database that runs unless the stack says otherwise, which the rest of this
     * is written for, and what is different with another.
     */
    databases?: { default: Database; others: Partial<Record<Database, SystemVariant>> };
    volumes: Volume[];
    secrets: Secret[];
    edge: Edge;
    /** One-off commands that run once per release, in this order, before any service changes. */
    migrations: Migration[];
    logs: LogPolicy;
    backups: Backup[];
    /** What backs it up, in a stack that is backed up; see `withBackups`. */
    backup?: BackupTools;
    alerts: Alert[];
    objectives: Objective[];
    smoke: Smoke;
    /** What the document asks of the machine, where it says so. */
    host?: { minimum: HostSize; recommended?: HostSize };
    /** For users: where the document is silent or contradicts itself, and what was chosen. */
    notes: string[];
}

/** What runs beside a system to back it up. */
export interface BackupTools {
    /** Of the toolbox. */
    image: string;
    resources: PerEnvironment<Resources>;
    /** Where the stack has the bucket itself. */
    objectStore?: { image: string; resources: PerEnvironment<Resources> };
}

/** By name, what of it runs and may be given other resources. */
export const BACKUP = "backup";
export const OBJECT_STORE = "s3";

export function backupCompanions({ backup }: System): Map<string, Pick<BackupTools, "image" | "resources">> {
    return new Map([
        ...(backup ? [[BACKUP, backup] as const] : []),
        ...(backup?.objectStore ? [[OBJECT_STORE, backup.objectStore] as const] : []),
    ]);
}

/** What stands in the place of a system's own. */
export type SystemVariant = Partial<Omit<System, "key" | "databases">>;

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
    /** Why one is enough in prod, where it is one there. */
    single?: string;
    /** Why no route leads to it, where none does. */
    unrouted?: string;
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
     * What this stack sets. May hold `{domain}`, `{url}` (https://domain and its port if not 443), `{apiUrl}`, and where
     * a store answers: `{host:postgres}`, `{port:…}`, `{user:…}`, `{database:…}`. Absent: not set unless the stack's
     * config does (then `required` makes its absence an error).
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
     * Built from others at deploy time, e.g. a connection string: `{url:postgres}` and `{url:redis}`, whoever runs them.
     * `{password:postgres}` and `{password:redis}` are put in, URL-encoded.
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
    /** Only in a stack that runs this, e.g. a read replica that it leads to. */
    onlyWith?: typeof REPLICA;
}

export interface Volume {
    name: string;
    size: PerEnvironment<number>;
    /** Holds data that cannot be made anew: protected and kept on delete outside of dev. */
    stateful: boolean;
    /** Several replicas may mount it at once. */
    shared: boolean;
    /** Why what is on it is not backed up, where it holds data and no backup is of it. */
    unsaved?: string;
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
    /** Path of its access log in the container, on one of `mounts`. */
    accessLog: string;
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
    /** Secrets of the service that this command is given another's value for, by name: another way to the database, say. */
    secrets?: Record<string, string>;
}

/** What a system says for one environment. */
export function inEnvironment<T>(value: PerEnvironment<T>, environment: Environment): T {
    const own = value[environment];
    return own === undefined ? value.default : own;
}

/** The databases that a system may run on, the default first; none where its document offers no choice. */
export function databasesOf({ databases }: System): Database[] {
    return databases ? [databases.default, ...(Object.keys(databases.others) as Database[])] : [];
}

/** The system as it is with this database; as it is anyway where it offers no such choice. */
export function withDatabase(system: System, database: Database | undefined): System {
    const variant = database && system.databases?.others[database];
    return variant ? { ...system, ...variant } : system;
}

/** The secrets that a system cannot be without: not those that are optional, made of others or one of several. */
export function certainSecrets({ secrets }: System): Secret[] {
    return secrets.filter(
        ({ required, shape, alternatives = [] }) => required && shape.kind !== "derived" && alternatives.length === 0,
    );
}

/** Keys of `images/catalog.ts` that a system runs: the edge's, the stores', their companions', the services' and the backups', each once. */
export function imageKeys(system: System): string[] {
    const { edge, stores, services } = system;
    const run = [edge, ...storeImages(stores), ...services, ...backupCompanions(system).values()];
    return [...new Set(run.map(({ image }) => image))];
}

/** Of those that the stack runs, and of Postgres wherever it is while the stack makes its extensions: the client is in its image. */
function storeImages(stores: Stores): { image: string }[] {
    const { postgres } = stores;
    const asClient = postgres !== undefined && isExternal(postgres) && postgres.extensions.length > 0;
    const own = [...containerStores(stores).values(), ...storeCompanions(stores).values()];
    return [...own, ...(asClient ? [postgres] : [])];
}
