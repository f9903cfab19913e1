/** Broken configs of stores that somebody else runs. */
import { CANARY, DEV, type Values } from "../fixture";
import { type Broken, dev, pem } from "./case";

const PASSWORDS = { POSTGRES_PASSWORD: `${CANARY}-postgres`, REDIS_PASSWORD: `${CANARY}-redis` };
const POSTGRES = { mode: "external", host: "db.example.com", tls: "require" };
const REDIS = { mode: "external", host: "cache.example.com" };

/** With external stores, complete but for what a case changes. */
function outside(stores: Values, more: Values = {}, secrets: Values = {}): Values {
    const own = Object.fromEntries(
        Object.keys(stores).map((name) => {
            const secret = `${name.toUpperCase()}_PASSWORD`;
            return [secret, PASSWORDS[secret as keyof typeof PASSWORDS]];
        }),
    );
    return { stores, secrets: { ...own, ...secrets }, ...more };
}

export const STORES: Broken[] = [
    dev(
        "an external Postgres of which nobody says where",
        outside({ postgres: { mode: "external", tls: "require" } }),
        "stores.postgres.host",
        "is required with stores.postgres.mode external",
        "pulumi config set --path groundwork:stores.postgres.host db.example.com",
    ),
    dev(
        "an external Postgres whose password nobody says, in dev too",
        { stores: { postgres: POSTGRES } },
        "secrets.POSTGRES_PASSWORD",
        "in every environment: nobody but you has it",
    ),
    dev(
        "an external Redis whose password nobody says",
        { stores: { redis: REDIS } },
        "secrets.REDIS_PASSWORD",
        "is required with stores.redis.mode external",
    ),
    dev(
        "an external Postgres that is to be verified by nobody",
        outside({ postgres: { mode: "external", host: "db.example.com" } }),
        "secrets.POSTGRES_CA_CERTIFICATE",
        "is required with stores.postgres.tls verify-full",
    ),
    dev(
        "an authority's certificate that is none",
        outside({ postgres: { ...POSTGRES, tls: "verify-full" } }, {}, { POSTGRES_CA_CERTIFICATE: CANARY }),
        "secrets.POSTGRES_CA_CERTIFICATE",
        "must be certificates in PEM",
    ),
    dev(
        "an authority's certificate that nothing is verified by",
        outside({ postgres: POSTGRES }, {}, { POSTGRES_CA_CERTIFICATE: pem("fullchain.pem") }),
        "secrets.POSTGRES_CA_CERTIFICATE",
        "has no meaning with stores.postgres.tls require",
    ),
    dev(
        "limits of a Postgres that somebody else runs",
        outside({ postgres: POSTGRES }, { services: { postgres: { resources: { memoryLimitMiB: 2048 } } } }),
        "services.postgres",
        "has no meaning: somebody else runs it, with stores.postgres.mode external",
    ),
    dev(
        "the size of a volume that an external Postgres has not",
        outside({ postgres: POSTGRES }, { volumes: { "postgres-data": { sizeMiB: 2048 } } }),
        "volumes.postgres-data",
        "has no meaning: somebody else runs it, with stores.postgres.mode external",
    ),
    dev(
        "an image of a Redis that somebody else runs",
        outside({ redis: REDIS }, { images: { overrides: { "redis-7": "redis:8" } } }),
        "images.overrides.redis-7",
        "is not an image of debt-os",
    ),
    dev(
        "a host of a Postgres that the stack runs",
        { stores: { postgres: { host: "db.example.com" } } },
        "stores.postgres.host",
        "has no meaning unless stores.postgres.mode is external",
    ),
    dev(
        "an external store by name on a cluster whose policies know no names",
        outside({ postgres: POSTGRES }, { target: "kubernetes" }),
        "stores.postgres.addresses",
        "network policies know addresses only",
    ),
    dev(
        "addresses of an external store on Docker, which does not filter by them",
        outside({ redis: { ...REDIS, addresses: ["10.0.12.0/24"] } }),
        "stores.redis.addresses",
        "has no meaning with target docker",
    ),
    dev(
        "an external Memgraph",
        { stores: { memgraph: { mode: "external" } } },
        "stores.memgraph.mode",
        "Memgraph is always the stack's own",
    ),
    dev(
        "an external SQLite",
        { database: "sqlite", stores: { sqlite: { mode: "external" } } },
        "stores.sqlite.mode",
        "SQLite is always the stack's own",
    ),
    dev(
        "an external Postgres of a system that has chosen another database",
        { database: "sqlite", ...outside({ postgres: POSTGRES }, {}, {}), secrets: {} },
        "stores.postgres",
        "has no meaning here: debt-os runs on sqlite",
    ),
    dev(
        "an external store with a URL for a host",
        outside({ redis: { ...REDIS, host: "redis://cache.example.com" } }),
        "stores.redis.host",
        "must be a host name in lower case, or an address",
    ),
    dev(
        "a role that would need quotes",
        outside({ postgres: { ...POSTGRES, user: 'app"; DROP' } }),
        "stores.postgres.user",
        "must be a name of 1 to 63 letters",
    ),
];

/** Systems whose documents ask for TLS to Postgres, which SAMPLE's does not. */
export const WITHOUT_TLS: Values = { ...DEV, ...outside({ postgres: { ...POSTGRES, tls: "disable" } }) };
