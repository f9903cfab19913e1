/** Where processes of a stack find each other and their secrets: said here alone, for the systems' data, the components and the targets. */

/** Where Postgres listens, its primary and its replicas. */
export const POSTGRES_PORT = 5432;

/** Where PgBouncer listens. */
export const POOLER_PORT = 6432;

/** Where Redis listens. Memgraph's ports are its document's. */
export const REDIS_PORT = 6379;

/** Where a container has its secret files. */
export const SECRETS_DIRECTORY = "/run/secrets";

/** Where a container finds a secret. */
export function secretPath(name: string): string {
    return `${SECRETS_DIRECTORY}/${name}`;
}
