/** Every image that a stack can run: what the documents name, and the stand-in that `images/` builds where no registry can be reached. */
export interface CatalogImage {
    /** The image that the document names, or would be published under. */
    registry: string;
    /** Folder under `images/` whose Dockerfile makes the stand-in. */
    folder: string;
    /** Build arguments of the stand-in. */
    buildArgs?: Record<string, string>;
}

export const CATALOG: Record<string, CatalogImage> = {
    caddy: { registry: "caddy:2.7-alpine", folder: "caddy" },
    "postgres-pgvector": { registry: "pgvector/pgvector:pg16", folder: "postgres" },
    "postgres-15": { registry: "postgres:15", folder: "postgres" },
    "redis-7-alpine": { registry: "redis:7-alpine", folder: "redis" },
    "redis-7": { registry: "redis:7", folder: "redis" },
    memgraph: { registry: "memgraph/memgraph:2.12", folder: "memgraph" },
    "opencode-backend": {
        registry: "opencode/backend:1.0.0",
        folder: "sample-app",
        buildArgs: { PROFILE: "opencode/backend" },
    },
    "opencode-frontend": {
        registry: "opencode/frontend:1.0.0",
        folder: "sample-app",
        buildArgs: { PROFILE: "opencode/frontend" },
    },
    "opencode-acp": {
        registry: "opencode/acp:1.0.0",
        folder: "sample-app",
        buildArgs: { PROFILE: "opencode-acp/acp" },
    },
    "debt-os-api": { registry: "debt-os/api:1.0.0", folder: "sample-app", buildArgs: { PROFILE: "debt-os/api" } },
    "debt-os-worker": {
        registry: "debt-os/worker:1.0.0",
        folder: "sample-app",
        buildArgs: { PROFILE: "debt-os/worker" },
    },
    "project-manager-backend": {
        registry: "mcp-project-manager/backend:1.0.0",
        folder: "sample-app",
        buildArgs: { PROFILE: "project-manager/backend" },
    },
    "project-manager-frontend": {
        registry: "mcp-project-manager/frontend:1.0.0",
        folder: "sample-app",
        buildArgs: { PROFILE: "project-manager/frontend" },
    },
    "opshub-api": { registry: "opshub/api:1.0.0", folder: "sample-app", buildArgs: { PROFILE: "opshub/api" } },
    "opshub-web": { registry: "opshub/web:1.0.0", folder: "sample-app", buildArgs: { PROFILE: "opshub/web" } },
    "opshub-worker": { registry: "opshub/worker:1.0.0", folder: "sample-app", buildArgs: { PROFILE: "opshub/worker" } },
};
