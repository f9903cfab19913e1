/** Every image that a stack can run: what the documents name, and the stand-in that `images/` builds where no registry can be reached. */
export interface CatalogImage {
    /** The image that the document names, or would be published under. */
    registry: string;
    /** Folder, from `images/`, whose Dockerfile makes the stand-in. Absent: there is none, it comes from a registry or an override. */
    folder?: string;
    /** Build arguments of the stand-in. */
    buildArgs?: Record<string, string>;
}

/** One of the systems' own programs, for which the sample app stands in with a profile. */
function application(registry: string, profile: string): CatalogImage {
    return { registry: `${registry}:1.0.0`, folder: "sample-app", buildArgs: { PROFILE: profile } };
}

export const CATALOG: Record<string, CatalogImage> = {
    caddy: { registry: "caddy:2.7-alpine", folder: "caddy" },
    "postgres-pgvector": { registry: "pgvector/pgvector:pg16", folder: "postgres" },
    "postgres-15": { registry: "postgres:15", folder: "postgres" },
    // Of the CloudNativePG project: `standard` has pgvector, and pg_stat_statements as every Postgres has.
    "cloudnative-pg-15": { registry: "ghcr.io/cloudnative-pg/postgresql:15-standard-bookworm" },
    "cloudnative-pg-16": { registry: "ghcr.io/cloudnative-pg/postgresql:16-standard-bookworm" },
    pgbouncer: { registry: "ghcr.io/cloudnative-pg/pgbouncer:1.25.1", folder: "pgbouncer" },
    "redis-7-alpine": { registry: "redis:7-alpine", folder: "redis" },
    "redis-7": { registry: "redis:7", folder: "redis" },
    memgraph: { registry: "memgraph/memgraph:2.12", folder: "memgraph" },
    // For dev stacks that back up: no document names an S3 server.
    s3: { registry: "ghcr.io/versity/versitygw:v1.8.0", folder: "versitygw" },
    // Ours, and published by nobody: outside of dev a stack says where it is, or has it under this name on its mirror.
    backup: { registry: "groundwork/backup:1.0.0", folder: "../packages/backup" },
    "opencode-backend": application("opencode/backend", "opencode/backend"),
    "opencode-frontend": application("opencode/frontend", "opencode/frontend"),
    "opencode-acp": application("opencode/acp", "opencode-acp/acp"),
    "debt-os-api": application("debt-os/api", "debt-os/api"),
    "debt-os-worker": application("debt-os/worker", "debt-os/worker"),
    "project-manager-backend": application("mcp-project-manager/backend", "project-manager/backend"),
    "project-manager-frontend": application("mcp-project-manager/frontend", "project-manager/frontend"),
    "opshub-api": application("opshub/api", "opshub/api"),
    "opshub-web": application("opshub/web", "opshub/web"),
    "opshub-worker": application("opshub/worker", "opshub/worker"),
};
