/** A Postgres of the lab with data that would show a loss: text, JSON, vectors with an index, foreign keys, odd names. */
import type { BackupConfigInput } from "../../../../packages/backup/src/config";
import { shippedAt } from "../../support/shipped";
import { waitFor } from "../../support/wait";
import { PASSWORD, type Lab } from "./lab";

const DATABASE = "app db";

const SCHEMA = `
CREATE ROLE reader LOGIN PASSWORD 'only to be read';
CREATE TABLE accounts (id bigint PRIMARY KEY, name text NOT NULL, data jsonb, at timestamptz DEFAULT now());
CREATE TABLE "Odd ""Names""" (id serial PRIMARY KEY, value bytea);
CREATE TABLE entries (id bigserial PRIMARY KEY, account bigint NOT NULL REFERENCES accounts, amount numeric, ratio double precision);
GRANT SELECT ON accounts TO reader;
INSERT INTO accounts SELECT n, 'account ' || n, jsonb_build_object('n', n, 'text', md5(n::text)) FROM generate_series(1, 2000) n;
INSERT INTO "Odd ""Names""" (value) SELECT decode(md5(n::text), 'hex') FROM generate_series(1, 100) n;
INSERT INTO entries (account, amount, ratio) SELECT 1 + n % 2000, n / 7.0, random() FROM generate_series(1, 20000) n;
`;

const VECTORS = `
CREATE EXTENSION vector;
CREATE TABLE documents (id bigint PRIMARY KEY, body text, embedding vector(32));
CREATE INDEX documents_embedding ON documents USING hnsw (embedding vector_cosine_ops);
INSERT INTO documents SELECT n, repeat(md5(n::text), 5), (SELECT array_agg(sin(n * i))::vector FROM generate_series(1, 32) i) FROM generate_series(1, 2000) n;
`;

/** Tables whose rows are compared, as SQL names them. */
const TABLES = ["accounts", '"Odd ""Names"""', "entries", "documents"];

export class PostgresLab {
    constructor(readonly lab: Lab) {}

    /** @param options More of `docker run` */
    async start(settings: string[] = [], options: string[] = []): Promise<void> {
        await this.lab.server(
            "postgres",
            "postgres-pgvector",
            [
                ...["-e", `POSTGRES_PASSWORD=${PASSWORD}`, "-e", "POSTGRES_USER=app", "-e", `POSTGRES_DB=${DATABASE}`],
                ...[
                    "-e",
                    "POSTGRES_INITDB_ARGS=--data-checksums",
                    "-e",
                    "PGDATA=/data/pgdata",
                    "-v",
                    `${this.lab.volume("pgdata")}:/data`,
                ],
                ...["--shm-size", "256m", ...options],
            ],
            ["postgres", ...settings.flatMap((setting) => ["-c", setting])],
        );
        await this.ready();
    }

    async ready(): Promise<void> {
        await this.lab.ready("postgres", ["pg_isready", "-h", "127.0.0.1", "-U", "app", "-d", DATABASE]);
    }

    async fill(): Promise<void> {
        await this.sql(SCHEMA + VECTORS);
    }

    async fillWithoutVectors(): Promise<void> {
        await this.sql(SCHEMA);
    }

    sql(statements: string, database = DATABASE): Promise<string> {
        const args = ["psql", "-h", "127.0.0.1", "-U", "app", "-d", database, "-v", "ON_ERROR_STOP=1", "-qtA"];
        return this.lab.exec("postgres", ["env", `PGPASSWORD=${PASSWORD}`, ...args], statements);
    }

    /** A checksum over every row of every table, in order. */
    async rows(database = DATABASE, tables = TABLES): Promise<Record<string, string>> {
        const found: Record<string, string> = {};
        for (const table of tables) {
            const sql = `SELECT count(*) || ' ' || md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM ${table} t`;
            found[table] = (await this.sql(sql, database)).trim();
        }
        return found;
    }

    /** The server's time, as `--at` takes it. */
    async now(): Promise<string> {
        const format = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;
        return (await this.sql(`SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', ${format})`)).trim();
    }

    /** Waits until the lab's toolbox `wal` has what is committed by now in the repository. */
    async shipped(): Promise<void> {
        const asked = Date.now() / 1000;
        const metrics = () => this.lab.exec("wal", ["curl", "-fsS", "http://127.0.0.1:9469/metrics"]);
        const isShipped = async () => shippedAt(await metrics()) > asked;
        await waitFor(isShipped, { what: "the log in the repository", seconds: 600 });
    }

    store(more: Record<string, unknown> = {}): BackupConfigInput["stores"][string] {
        return {
            driver: "postgres",
            host: "postgres",
            user: "app",
            passwordFile: "/lab/secrets/store-password",
            database: DATABASE,
            schedules: [{ name: "daily", cron: "0 2 * * *", kind: "logical" }],
            retention: { daily: 7, weekly: 4, days: 30 },
            ...more,
        } as BackupConfigInput["stores"][string];
    }

    /** Backed up as statements and as files, with its log shipped: the toolbox has its volume at `/stores/postgres`. */
    storeWithLog(): BackupConfigInput["stores"][string] {
        return this.store({
            dataDirectory: "/stores/postgres/pgdata",
            wal: { shipSeconds: 5 },
            schedules: [
                { name: "daily", cron: "0 2 * * *", kind: "logical" },
                { name: "hourly", cron: "30 * * * *", kind: "incremental" },
            ],
        });
    }

    get database(): string {
        return DATABASE;
    }
}
