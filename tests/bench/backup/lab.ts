/** A Postgres with data that does not compress to nothing, pgBackRest beside it, and a toolbox: on the same cores, one after another. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import recipe from "../../../images/base/recipe.json";
import { localImageRef } from "../../../images/local";
import type { BackupConfigInput } from "../../../packages/backup/src/config";
import { readAptSetup, sourcesFor } from "../../../packages/cli/src/images/apt";
import { buildLocalImages } from "../../../packages/cli/src/images/build";
import { docker } from "../../e2e/docker/support/inventory";
import { exec, must } from "../../e2e/backup/support/lab";
import { seconds } from "../row";

const PASSWORD = "bench-password";
const IMAGE = "groundwork.bench/postgres:1";

/** Rows of `documents` for one GB of data directory: half a KB of vector, as much text, JSON. */
const ROWS_PER_GB = 560_000;

/** Hexadecimal digits in the text and random vectors: what compresses does so to about the half. */
const rows = (from: number, to: number) => `
    SELECT n, (SELECT string_agg(md5((n * 31 + i)::text || random()), ' ') FROM generate_series(1, 16) i),
           jsonb_build_object('n', n, 'tags', jsonb_build_array(md5(n::text), n % 97), 'score', random()),
           (SELECT array_agg(random())::vector FROM generate_series(1, 128) i WHERE n > 0)
    FROM generate_series(${from}, ${to}) n`;

export class BenchLab {
    readonly name = `gw-bench-${randomBytes(3).toString("hex")}`;
    private readonly directory = mkdtempSync(join(tmpdir(), "gw-bench-"));
    private total = 0;

    constructor(private readonly gigabytes: number) {}

    get rows(): number {
        return this.total;
    }

    async open(say: (line: string) => void): Promise<void> {
        const { refs } = await buildLocalImages(["backup", "postgres-pgvector"], { docker, log: say });
        await this.buildWithPgBackRest();
        await must("docker", ["network", "create", this.name]);
        await this.server(refs[0]!);
        say(`  making ${this.gigabytes} GB of text, JSON and vectors`);
        await this.sql(
            "CREATE EXTENSION vector; CREATE TABLE documents (id bigint PRIMARY KEY, body text, data jsonb, embedding vector(128))",
        );
        await this.insert(Math.round(ROWS_PER_GB * this.gigabytes));
        await this.sql("CREATE INDEX ON documents ((data ->> 'n')); VACUUM ANALYZE documents; CHECKPOINT");
    }

    /** New rows at the end. */
    async insert(count: number): Promise<void> {
        await this.sql(`INSERT INTO documents ${rows(this.total + 1, this.total + count)}`);
        this.total += count;
    }

    /** A day's changes: one of a hundred rows, the newest, half of them new and half of them changed. */
    async changeOnePercent(): Promise<void> {
        const half = Math.round(this.total / 200);
        await this.sql(
            `UPDATE documents SET body = md5(random()::text) || body WHERE id > ${this.total - half}; CHECKPOINT`,
        );
        await this.insert(half);
        await this.sql("CHECKPOINT");
    }

    sql(statements: string, database = "app"): Promise<string> {
        return must(
            "docker",
            [
                "exec",
                "-i",
                `${this.name}-postgres`,
                "psql",
                "-U",
                "app",
                "-d",
                database,
                "-v",
                "ON_ERROR_STOP=1",
                "-qtA",
            ],
            statements,
        );
    }

    /** Seconds that a script takes in the server's container, with the server's own programs. */
    atServer(script: string): Promise<number> {
        return seconds(() =>
            must("docker", ["exec", "--user", "999:999", `${this.name}-postgres`, "bash", "-ec", script]),
        );
    }

    /** Seconds that a command of the toolbox takes, in a container that runs. */
    toolbox(...args: string[]): Promise<number> {
        return seconds(() => must("docker", ["exec", `${this.name}-toolbox`, "backup", ...args]));
    }

    async bytes(container: "postgres" | "toolbox", path: string): Promise<number> {
        const said = await must("docker", ["exec", "--user", "0:0", `${this.name}-${container}`, "du", "-sb", path]);
        return Number(said.split(/\s/)[0]);
    }

    async close(): Promise<void> {
        await exec("docker", ["rm", "-f", "-v", `${this.name}-postgres`, `${this.name}-toolbox`]);
        for (const volume of ["data", "repository", "state", "others"])
            await exec("docker", ["volume", "rm", "-f", `${this.name}-${volume}`]);
        await exec("docker", ["network", "rm", this.name]);
        rmSync(this.directory, { recursive: true, force: true });
    }

    /** The stand-in of Postgres with two programs of Debian more. */
    private async buildWithPgBackRest(): Promise<void> {
        const apt = await readAptSetup();
        const dockerfile = `FROM ${localImageRef("postgres-pgvector")}
ARG APT_SOURCES=""
ARG APT_CONF=""
RUN apt-install pgbackrest zstd`;
        const args = {
            ...apt.proxies,
            APT_CONF: apt.conf,
            APT_SOURCES: sourcesFor(apt, recipe.suite, recipe.components),
        };
        const flags = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
        await must("docker", ["build", "--quiet", "--network", "host", ...flags, "-t", IMAGE, "-"], dockerfile);
    }

    private async server(toolbox: string): Promise<void> {
        mkdirSync(join(this.directory, "secrets"));
        writeFileSync(join(this.directory, "secrets/store"), PASSWORD);
        writeFileSync(join(this.directory, "secrets/repository"), "a password of the repository");
        writeFileSync(join(this.directory, "config.json"), JSON.stringify(CONFIG));
        writeFileSync(join(this.directory, "pgbackrest.conf"), PGBACKREST);
        const volume = (name: string, path: string) => ["-v", `${this.name}-${name}:${path}`];
        await must("chmod", ["-R", "a+rX", this.directory]);
        await must("docker", [
            ...["run", "-d", "--name", `${this.name}-postgres`, "--network", this.name, "--network-alias", "postgres"],
            ...["-e", `POSTGRES_PASSWORD=${PASSWORD}`, "-e", "POSTGRES_USER=app", "-e", "POSTGRES_DB=app"],
            ...[
                "-e",
                "PGDATA=/data/pgdata",
                "--shm-size",
                "512m",
                ...volume("data", "/data"),
                ...volume("others", "/others"),
            ],
            ...["-v", `${join(this.directory, "pgbackrest.conf")}:/etc/pgbackrest.conf:ro`, IMAGE, "postgres"],
            ...["-c", "max_wal_size=4GB", "-c", "shared_buffers=512MB", "-c", "archive_mode=on"],
            ...["-c", "archive_command=pgbackrest --stanza=main archive-push %p"],
        ]);
        const until = Date.now() + 60_000;
        while ((await exec("docker", ["exec", `${this.name}-postgres`, "pg_isready", "-h", "127.0.0.1"])).code !== 0) {
            if (Date.now() > until) throw new Error("Postgres did not start within a minute");
            await new Promise((wake) => setTimeout(wake, 300));
        }
        await must("docker", [
            ...["exec", "--user", "0:0", `${this.name}-postgres`, "chown", "999:999", "/others", "/data"],
        ]);
        await must("docker", [
            ...[
                "run",
                "-d",
                "--name",
                `${this.name}-toolbox`,
                "--network",
                this.name,
                "-v",
                `${this.directory}:/lab:ro`,
            ],
            ...[...volume("data", "/stores/postgres"), ...volume("repository", "/backups")],
            ...[...volume("state", "/var/lib/groundwork-backup"), "-e", "GROUNDWORK_BACKUP_CONFIG=/lab/config.json"],
            ...["--entrypoint", "sleep", toolbox, "infinity"],
        ]);
    }
}

const CONFIG: BackupConfigInput = {
    version: 1,
    stack: "bench",
    system: "bench",
    release: "1",
    repository: { kind: "directory", path: "/backups", passwordFile: "/lab/secrets/repository" },
    stores: {
        postgres: {
            driver: "postgres",
            host: "postgres",
            user: "app",
            database: "app",
            passwordFile: "/lab/secrets/store",
            dataDirectory: "/stores/postgres/pgdata",
            schedules: [],
            retention: { days: 60 },
        },
    },
};

/** As its guide has it for speed: zstd at its fastest, a process a core. */
const PGBACKREST = `[global]
repo1-path=/others/pgbackrest
repo1-retention-full=2
repo1-bundle=y
repo1-block=y
compress-type=zst
compress-level=1
process-max=2
start-fast=y
log-level-console=warn
log-level-file=off
lock-path=/tmp
[main]
pg1-path=/data/pgdata
pg1-user=app
pg1-database=app
`;
