/**
 * The shape of a system: everything that its document says, as data.
 *
 * A system names no target and no engine. Units: memory and disk in MiB, cpu in cores, time in seconds, unless a
 * field's name says otherwise.
 */

import type { Alert, Backup, LogPolicy, Objective, Smoke } from "./operations";
import type { Edge, Migration, Resources, Secret, Service } from "./services";
import { containerStores, isExternal, storeCompanions, type Stores } from "./stores";

export type * from "./operations";
export type * from "./services";
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
    /**
     * One-off commands that run with each release, and when their variables or secrets change, in this order, before any
     * service changes.
     */
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
    /** Key of the toolbox's image in the catalog. */
    image: string;
    /** Limits and reservations of each process of the toolbox. */
    resources: PerEnvironment<Resources>;
    /** The server of the bucket, where the stack has that itself. */
    objectStore?: { image: string; resources: PerEnvironment<Resources> };
}

/** Name of the workload that everybody comes in through, which may be given other resources like a store. */
export const EDGE = "caddy";

/** Names of what of the backups runs and may be given other resources. */
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

export interface Volume {
    name: string;
    size: PerEnvironment<number>;
    /** Holds data that cannot be made anew: protected and kept on delete outside of dev. */
    stateful: boolean;
    /** Several replicas may mount it at once. */
    shared: boolean;
    /**
     * All who mount it must be on one machine, and it on no network file system: a database is on it that its processes share by memory, as
     * SQLite's write-ahead log is. Default: false.
     */
    oneHost?: boolean;
    /** Why what is on it is not backed up, where it holds data and no backup is of it. */
    unsaved?: string;
    description: string;
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

/**
 * Keys of `images/catalog.ts` that a system runs: the edge's, the stores', their companions', the services' and the
 * backups', each once.
 */
export function imageKeys(system: System): string[] {
    const { edge, stores, services } = system;
    const run = [edge, ...storeImages(stores), ...services, ...backupCompanions(system).values()];
    return [...new Set(run.map(({ image }) => image))];
}

/**
 * Images of the stores that the stack runs, and that of Postgres wherever it is while the stack makes its extensions: the
 * client is in it.
 */
function storeImages(stores: Stores): { image: string }[] {
    const { postgres } = stores;
    const asClient = postgres !== undefined && isExternal(postgres) && postgres.extensions.length > 0;
    const own = [...containerStores(stores).values(), ...storeCompanions(stores).values()];
    return [...own, ...(asClient ? [postgres] : [])];
}
