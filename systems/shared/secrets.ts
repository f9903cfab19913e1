/** Short ways to write secrets, and those of the stores, which are the same in every system that has them. */
import { REPLICA, REPLICATION_PASSWORD, type Secret } from "../types";

type Extra = Partial<Pick<Secret, "required" | "alternatives">>;

/** Issued by an outsider; required unless said otherwise. */
export function given(name: string, description: string, example: string, extra: Extra = {}): Secret {
    return { name, shape: { kind: "given", example }, required: true, ...extra, description };
}

export function base64(name: string, bytes: number, description: string): Secret {
    return { name, shape: { kind: "base64", bytes }, required: true, description };
}

export function alphanumeric(name: string, length: number, description: string): Secret {
    return { name, shape: { kind: "alphanumeric", length }, required: true, description };
}

/** Put together from the stores' passwords at deploy time. */
export function derived(name: string, template: string, description: string): Secret {
    return { name, shape: { kind: "derived", template }, required: true, description };
}

/** The documents leave its form open; letters and digits need no quoting in a connection string. */
export const POSTGRES_PASSWORD = alphanumeric("POSTGRES_PASSWORD", 32, "Password of the Postgres role");

/** As above; DEBT-OS calls it optional, but the Redis image is open to its whole network without one. */
export const REDIS_PASSWORD = alphanumeric("REDIS_PASSWORD", 32, "Redis requirepass");

/** Letters and digits, as the others. */
export const REPLICATOR_PASSWORD = alphanumeric(
    REPLICATION_PASSWORD,
    32,
    "Password of the role that replicates Postgres",
);

/** Where a pooler and a read replica are beside Postgres. The names of the last two are chosen here: no document has any. */
export const POOLED_POSTGRES_URLS: Secret[] = [
    derived("DATABASE_URL", "{url:pgbouncer}", "PostgreSQL connection string"),
    // For who holds locks over transactions.
    derived("DATABASE_DIRECT_URL", "{url:postgres}", "The same without pooler: migrations get it as DATABASE_URL"),
    {
        ...derived(
            "DATABASE_REPLICA_URL",
            "{url:postgres-replica}",
            "The read replica, for analytics, where there is one",
        ),
        required: false,
        onlyWith: REPLICA,
    },
];
