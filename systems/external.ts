/**
 * Who runs a system's stores: the stack itself, an operator for it, or somebody else. A system with other stores is a
 * variant of the system.
 */
import { isIP } from "node:net";

import { POOLER_PORT, POSTGRES_PORT, REDIS_PORT, secretPath } from "./addresses";
import { type OperatorPostgres, postgresHost, withOperator } from "./operated";
import { POOLER, type PostgresStore, REPLICA, REPLICATION_PASSWORD, STORE_PASSWORDS, type Stores } from "./stores";
import type { Secret, Service, System } from "./types";

/** Where a managed store answers. */
export interface Endpoint {
    /** Host name or address. */
    host: string;
    port: number;
    /** CIDRs of its addresses, for what filters by address. */
    addresses: string[];
}

export interface ExternalPostgres extends Endpoint {
    mode: "external";
    /** Role that the applications use; absent: the system's. */
    user?: string;
    /** Absent: the system's. */
    database?: string;
    tls: "disable" | "require" | "verify-full";
}

export interface ExternalRedis extends Endpoint {
    mode: "external";
    /** User of Redis's access lists; absent: its default user. */
    user?: string;
    /** Whether clients encrypt, and verify the server's certificate against the authorities that their image knows. */
    tls: boolean;
}

/** Who runs each store. `container`: the stack. `operator`: CloudNativePG, for the stack. */
export interface StoreChoices {
    postgres: { mode: "container" } | OperatorPostgres | ExternalPostgres;
    redis: { mode: "container" } | ExternalRedis;
}

/** The secret that holds the certificates of those who may vouch for an external Postgres. */
export const POSTGRES_CA = "POSTGRES_CA_CERTIFICATE";

/** Where every workload finds them. */
export const POSTGRES_CA_PATH = secretPath(POSTGRES_CA);

/**
 * The system as it is with these stores. What an external one needs no more is gone: its volume. What only its owner can say is a given
 * secret: its password, and who vouches for its certificate.
 */
export function withStores(system: System, choices: StoreChoices): System {
    return withRedis(withPostgres(system, choices.postgres), choices.redis);
}

function withPostgres(system: System, choice: StoreChoices["postgres"]): System {
    const { postgres } = system.stores;
    if (postgres === undefined || choice.mode === "container") return system;
    if (choice.mode === "operator") return withOperator(system, postgres, choice);
    const { user = postgres.user, database = postgres.database, tls } = choice;
    // What its owner replicates and pools is the owner's.
    const { tls: _own, pooler: _pooler, replicaVolume, ...rest } = postgres;
    const store = { ...rest, user, database, ...(tls !== "disable" && { tls }), external: endpointOf(choice) };
    const verified = tls === "verify-full";
    const gone = [postgres.volume, replicaVolume, REPLICATION_PASSWORD];
    return elsewhere(system, { ...system.stores, postgres: store }, gone, [
        ownersPassword(STORE_PASSWORDS.postgres, "Password of the external Postgres's role"),
        ...(verified ? [certificate(POSTGRES_CA, "Certificates that the external Postgres is vouched for by")] : []),
    ]);
}

function withRedis(system: System, choice: StoreChoices["redis"]): System {
    const { redis } = system.stores;
    if (redis === undefined || choice.mode !== "external") return system;
    const store = { ...redis, external: { ...endpointOf(choice), user: choice.user, tls: choice.tls } };
    return elsewhere(
        system,
        { ...system.stores, redis: store },
        [redis.volume],
        [ownersPassword(STORE_PASSWORDS.redis, "Password of the external Redis")],
    );
}

/** An address says itself which range it is in. */
function endpointOf({ host, port, addresses }: Endpoint): Endpoint {
    const own = { 0: [], 4: [`${host}/32`], 6: [`${host}/128`] }[isIP(host) as 0 | 4 | 6];
    return { host, port, addresses: addresses.length > 0 ? addresses : own };
}

/** @param gone names of volumes and secrets that nothing needs any more */
function elsewhere(system: System, stores: Stores, gone: (string | undefined)[], secrets: Secret[]): System {
    const names = secrets.map(({ name }) => name);
    const users = (service: Service) => service.dependsOn.includes("postgres") && names.includes(POSTGRES_CA);
    return {
        ...system,
        stores,
        volumes: system.volumes.filter(({ name }) => !gone.includes(name)),
        secrets: [...system.secrets.filter(({ name }) => !names.includes(name) && !gone.includes(name)), ...secrets],
        services: system.services.map((service) =>
            users(service) ? { ...service, secrets: [...service.secrets, POSTGRES_CA] } : service,
        ),
    };
}

function ownersPassword(name: string, description: string): Secret {
    return { name, shape: { kind: "given", example: "<password>" }, required: true, description };
}

function certificate(name: string, description: string): Secret {
    return { name, shape: { kind: "given", example: "-----BEGIN CERTIFICATE-----" }, required: true, description };
}

/**
 * Fills in where the stores answer: `{host:postgres}`, `{port:…}`, `{user:…}`, `{database:…}` and `{url:…}`, a
 * connection string in which `{password:…}` is left for whoever may know it. `{…:pgbouncer}` is the way to Postgres
 * through its pooler, where it has one.
 * @throws Error when the system has no such store, or the store no such part
 */
export function storeAddresses(text: string, stores: Stores): string {
    return text.replace(/\{(url|host|port|user|database):([\w-]+)\}/g, (whole, part: string, store: string) => {
        const value = partsOf(store, stores)?.[part];
        if (value === undefined) throw new Error(`"${text}" holds ${whole}, which stands for nothing in this system.`);
        return value;
    });
}

function partsOf(name: string, { postgres, redis }: Stores): Record<string, string | undefined> | undefined {
    if (["postgres", POOLER, REPLICA].includes(name) && postgres) {
        const { user, database, external, tls } = postgres;
        const { host, port } = external ?? ownAddress(name, postgres);
        const verify = tls === "verify-full" ? `&sslrootcert=${POSTGRES_CA_PATH}` : "";
        const query = tls ? `?sslmode=${tls}${verify}` : "";
        const path = encodeURIComponent(database);
        const url = `postgresql://${encodeURIComponent(user)}:{password:postgres}@${inUrl(host)}:${port}/${path}${query}`;
        return { url, host, port: String(port), user, database };
    }
    if (name === "redis" && redis) {
        const { host, port, user = "", tls = false } = redis.external ?? { host: "redis", port: REDIS_PORT };
        const scheme = tls ? "rediss" : "redis";
        const url = `${scheme}://${encodeURIComponent(user)}:{password:redis}@${inUrl(host)}:${port}`;
        return { url, host, port: String(port) };
    }
    return undefined;
}

function ownAddress(name: string, store: PostgresStore): Pick<Endpoint, "host" | "port"> {
    if (name === POOLER && store.pooler) return { host: POOLER, port: POOLER_PORT };
    return { host: postgresHost(store, name === POOLER ? "postgres" : name), port: POSTGRES_PORT };
}

function inUrl(host: string): string {
    return host.includes(":") ? `[${host}]` : host;
}
