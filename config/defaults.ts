/** What applies where a stack file says nothing, per environment. `docs/config.md` is made from the same table. */
import type { Environment, System } from "../systems/types";

/** The stack file must say it. */
export const REQUIRED = Symbol("required");

interface FromSystem {
    /** For the docs. */
    text: string;
    of: (system: System) => string | number;
}

export type Default = string | number | boolean | FromSystem | typeof REQUIRED;

const DEV_PORT = "the system's, different for each so that all run side by side";

/** Defaults by key path. Everything that is not here has none, or one that comes from the system's document. */
export const DEFAULTS = {
    target: everywhere("docker"),
    domain: devElse({ text: "<system>.localhost", of: (system) => `${system.key}.localhost` }, REQUIRED),
    "edge.address": devElse("127.0.0.1", "0.0.0.0"),
    "edge.httpPort": devElse({ text: DEV_PORT, of: (system) => system.edge.devHttpPort }, 80),
    "edge.httpsPort": devElse({ text: DEV_PORT, of: (system) => system.edge.devHttpsPort }, 443),
    // No guess outside of dev: a wrong mode is found by users, as a warning in their browsers.
    "tls.mode": devElse("internal", REQUIRED),
    "images.source": everywhere("registry"),
    // In dev nothing outside of the machine comes in, as on Docker, and few clusters on one machine have a load balancer.
    "kubernetes.edge.via": everywhere("service"),
    "kubernetes.edge.service": devElse("ClusterIP", "LoadBalancer"),
    "kubernetes.externalSecrets.store.kind": everywhere("ClusterSecretStore"),
    "kubernetes.externalSecrets.refreshPolicy": everywhere("Periodic"),
    "kubernetes.externalSecrets.refreshInterval": everywhere("1h"),
    "kubernetes.sharedAccessMode": devElse("ReadWriteOnce", "ReadWriteMany"),
    "stores.postgres.mode": everywhere("container"),
    "stores.postgres.operatorNamespace": everywhere("cnpg-system"),
    "stores.postgres.port": everywhere(5432),
    // Across a network that others are on too, encryption to whoever answers is none.
    "stores.postgres.tls": everywhere("verify-full"),
    "stores.redis.mode": everywhere("container"),
    "stores.redis.port": everywhere(6379),
    "stores.redis.tls": everywhere(true),
    "backup.enabled": devElse(false, true),
    "backup.timeZone": everywhere("UTC"),
    "backup.bucket.kind": devElse("local", "aws"),
    "backup.bucket.noncurrentDays": everywhere(30),
    // Compliance is for whoever decides to pay for it: nobody can take it back.
    "backup.bucket.lock.mode": { dev: "none", staging: "none", prod: "governance" },
    "backup.bucket.lock.days": everywhere(14),
    "backup.drill": { dev: "none", staging: "nightly", prod: "quarterly" },
    protect: devElse(false, true),
} satisfies Record<string, Record<Environment, Default>>;

export type DefaultPath = keyof typeof DEFAULTS;

/** The default of a key; undefined where the stack file must say it. */
export function defaultOf(path: DefaultPath, system: System, environment: Environment): unknown {
    const value: Default = DEFAULTS[path][environment];
    if (value === REQUIRED) return undefined;
    return typeof value === "object" ? value.of(system) : value;
}

function everywhere(value: Default): Record<Environment, Default> {
    return { dev: value, staging: value, prod: value };
}

function devElse(dev: Default, others: Default): Record<Environment, Default> {
    return { dev, staging: others, prod: others };
}

/**
 * What is not the internet: private (RFC 1918, RFC 4193), shared by carriers and some clusters' pods (RFC 6598), loopback, and link-local,
 * where a cloud's metadata service hands out credentials.
 */
export const PRIVATE_RANGES = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];
