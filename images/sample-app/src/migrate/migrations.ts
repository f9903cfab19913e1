/** The schema of each system, version by version. A version that was released is never changed: the next one changes what it made. */

export interface Migration {
    /** Sorts after all that came before it. */
    version: string;
    up: string;
    down: string;
}

/** What every system has; in words that Postgres and SQLite both know. */
const ITEMS: Migration = {
    version: "0001_items",
    up: `CREATE TABLE items (
        id TEXT PRIMARY KEY,
        value TEXT NOT NULL,
        created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
    )`,
    down: "DROP TABLE items",
};

/** Results of the queue workers, by job, so that a job that runs twice leaves one. */
const JOBS: Migration = {
    version: "0002_jobs",
    up: `CREATE TABLE jobs (
        queue TEXT NOT NULL,
        job_id TEXT NOT NULL,
        data TEXT NOT NULL,
        digest TEXT NOT NULL,
        finished_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        PRIMARY KEY (queue, job_id)
    )`,
    down: "DROP TABLE jobs",
};

const OPENCODE: Migration[] = [
    ITEMS,
    {
        version: "0002_tasks",
        up: `CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT NOT NULL, size_mb INTEGER NOT NULL DEFAULT 0);
            CREATE TABLE tasks (
                id TEXT PRIMARY KEY,
                project_id TEXT NOT NULL REFERENCES projects (id),
                title TEXT NOT NULL,
                status TEXT NOT NULL DEFAULT 'open'
            );
            CREATE INDEX idx_tasks_project_id ON tasks (project_id)`,
        down: "DROP TABLE tasks; DROP TABLE projects",
    },
];

const OPENCODE_ACP: Migration[] = [
    ITEMS,
    {
        version: "0002_sessions",
        up: `CREATE TABLE sessions (
            id TEXT PRIMARY KEY,
            cwd TEXT NOT NULL,
            prompts INTEGER NOT NULL DEFAULT 0,
            created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        )`,
        down: "DROP TABLE sessions",
    },
];

const DEBT_OS: Migration[] = [
    ITEMS,
    JOBS,
    {
        // The index is the one that the monthly maintenance rebuilds.
        version: "0003_embeddings",
        up: `CREATE EXTENSION IF NOT EXISTS vector;
            CREATE TABLE file_embeddings (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, path TEXT NOT NULL, embedding vector(3));
            CREATE INDEX idx_file_embeddings_embedding ON file_embeddings USING hnsw (embedding vector_cosine_ops)`,
        down: "DROP TABLE file_embeddings",
    },
    {
        version: "0004_api_keys",
        up: "CREATE TABLE api_keys (key_prefix TEXT PRIMARY KEY, key_hash TEXT NOT NULL, revoked_at TIMESTAMP)",
        down: "DROP TABLE api_keys",
    },
];

const PROJECT_MANAGER: Migration[] = [
    ITEMS,
    {
        // The indexes are those of the document's Index Management.
        version: "0002_tasks",
        up: `CREATE TABLE tasks (
                id TEXT PRIMARY KEY,
                project_id TEXT NOT NULL,
                title TEXT NOT NULL,
                status TEXT NOT NULL DEFAULT 'open'
            );
            CREATE TABLE audit_logs (
                id TEXT PRIMARY KEY,
                entry TEXT NOT NULL,
                created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
            );
            CREATE INDEX idx_tasks_project_id ON tasks (project_id);
            CREATE INDEX idx_tasks_status ON tasks (status);
            CREATE INDEX idx_audit_logs_created_at ON audit_logs (created_at)`,
        down: "DROP TABLE audit_logs; DROP TABLE tasks",
    },
];

const OPSHUB: Migration[] = [
    ITEMS,
    JOBS,
    {
        // The indexes are those of the document's Database Optimization.
        version: "0003_deployments",
        up: `CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT NOT NULL);
            CREATE TABLE deploy_events (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                project_id TEXT NOT NULL REFERENCES projects (id),
                status TEXT NOT NULL,
                created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
            );
            CREATE TABLE health_samples (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                health_check_id TEXT NOT NULL,
                status TEXT NOT NULL,
                created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
            );
            CREATE INDEX idx_deploy_events_project_created ON deploy_events (project_id, created_at);
            CREATE INDEX idx_health_samples_check_created ON health_samples (health_check_id, created_at)`,
        down: "DROP TABLE health_samples; DROP TABLE deploy_events; DROP TABLE projects",
    },
];

/** By system. */
export const MIGRATIONS: Record<string, Migration[]> = {
    opencode: OPENCODE,
    "opencode-acp": OPENCODE_ACP,
    "debt-os": DEBT_OS,
    "project-manager": PROJECT_MANAGER,
    opshub: OPSHUB,
};

/** Rows that a new system begins with. They do nothing to rows that are there. */
export const SEEDS: Record<string, string> = {
    opshub: "INSERT INTO projects (id, name) VALUES ('proj_default', 'Default project') ON CONFLICT (id) DO NOTHING",
};
