/** PgBouncer on the Docker target, and who goes through it. Cannot prove: see harness.ts; and that PgBouncer takes its settings. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { PgBouncer, type PgBouncerArgs, pgBouncerIni, userList } from "../../../../components/postgres/pgbouncer";
import { SEE_TO_CERTIFICATE } from "../../../../components/postgres/tls";
import { dockerTarget, LOGS, platform, PROBE, RESOURCES, stackConfig, thrown } from "../fixtures";
import { record, secret, valueOf } from "../harness";

const CONTAINER = "docker:index/container:Container";

const ask = (sql: string) => ({ ...PROBE, command: ["psql", "-c", sql] });

function pooler(changes: Partial<PgBouncerArgs> = {}) {
    const target = dockerTarget();
    target.network({ segment: "data", isolated: true }, {});
    return new PgBouncer("gw-test-pgbouncer", {
        host: "postgres",
        image: "sha256:pgbouncer",
        replicas: 2,
        poolSize: 20,
        maxClients: 600,
        user: "app",
        database: "app_db",
        resources: RESOURCES,
        health: ask("SELECT 1"),
        liveness: ask("SHOW VERSION"),
        runAs: "998:996",
        stopGraceSeconds: 30,
        logs: LOGS,
        target,
        after: [],
        password: pulumi.secret("canary"),
        tls: "require",
        ...changes,
    });
}

describe("PgBouncer", () => {
    test("is a container for each replica, their files, and no volume of its own", async () => {
        const [, recording] = await record(() => pooler());
        expect(recording.counts()).toEqual({
            "groundwork:stores:PgBouncer": 1,
            "pulumi:providers:docker": 1,
            "docker:index/network:Network": 1,
            // Its configuration and its secrets, which others fill.
            "docker:index/volume:Volume": 2,
            [CONTAINER]: 4,
            // Process limit.
            "command:local:Command": 1,
        });
        expect(recording.one("gw-test-pgbouncer-1", CONTAINER).inputs).toMatchObject({
            image: "sha256:pgbouncer",
            user: "998:996",
            readOnly: true,
            entrypoints: [
                ...["/bin/sh", "-ec", SEE_TO_CERTIFICATE, "sh", "/tmp/server.pem"],
                ...["pgbouncer", "/etc/groundwork/pgbouncer.ini"],
            ],
            envs: [],
            tmpfs: { "/tmp": "size=16m,mode=1777" },
            networksAdvanced: [{ name: "gw-test-data-id", aliases: ["pgbouncer", "pgbouncer-1"] }],
            healthcheck: { tests: ["CMD", "psql", "-c", "SELECT 1"] },
            stopSignal: "SIGINT",
            ports: [],
        });
    });

    test("has the password nowhere but in secret files", async () => {
        const [, recording] = await record(() => pooler());
        expect(recording.plainText()).not.toContain("canary");
        const { uploads } = recording.one("gw-test-pgbouncer-run-secrets-files", CONTAINER).inputs as {
            uploads: { file: string; content: unknown; permissions: string }[];
        };
        expect(uploads.map(({ file, content, permissions }) => [file, content, permissions])).toEqual([
            ["/run/secrets/POSTGRES_PASSWORD", secret("canary"), "0440"],
            ["/run/secrets/userlist.txt", secret('"app" "canary"\n'), "0440"],
        ]);
    });

    test("shares the pool out among its replicas, and encrypts both ways", () => {
        const args = { host: "db", database: "app_db", user: "app", poolSize: 20, replicas: 2, maxClients: 600 };
        const ini = pgBouncerIni({ ...args, tls: "require" });
        for (const line of [
            "app_db = host=db port=5432 dbname=app_db",
            "pool_mode = transaction",
            "default_pool_size = 10",
            "max_db_connections = 10",
            "auth_type = scram-sha-256",
            "client_tls_sslmode = require",
            "server_tls_sslmode = require",
        ]) {
            expect(ini.split("\n")).toContain(line);
        }
        expect(pgBouncerIni({ ...args, replicas: 1 })).toContain("max_db_connections = 20\n");
        expect(pgBouncerIni(args)).not.toContain("tls");
    });

    test("without TLS makes no certificate", async () => {
        const [, recording] = await record(() => pooler({ tls: undefined }));
        expect(recording.one("gw-test-pgbouncer-0", CONTAINER).inputs.entrypoints).toEqual([
            "pgbouncer",
            "/etc/groundwork/pgbouncer.ini",
        ]);
    });

    test("writes a password with quotes so that it is read back", async () => {
        const [list] = await record(() => userList("app", pulumi.secret('a"b')));
        expect(await valueOf(list as pulumi.Output<string>)).toEqual({ value: '"app" "a""b"\n', secret: true });
    });

    test("tells of every pool that could not work", async () => {
        const [error] = await record(() => thrown(() => pooler({ poolSize: 1, maxClients: 0 })));
        expect(error.message).toContain("1 connections do not go round 2 replicas");
        expect(error.message).toContain("0 clients could never use a pool of 1");
    });
});

describe("OpsHub", () => {
    test("has its services wait for the pooler, that for Postgres, and its migrations go straight", async () => {
        const [, recording] = await record(() => platform(stackConfig("opshub")));
        expect(recording.one("gw-test-api-0", CONTAINER).dependencies).toContain("gw-test-pgbouncer-0");
        expect(recording.one("gw-test-pgbouncer-0", CONTAINER).dependencies).toEqual(
            expect.arrayContaining(["gw-test-postgres", "gw-test-postgres-extensions-run"]),
        );
        const url = (owner: string): unknown => {
            const { uploads } = recording.one(`gw-test-${owner}-run-secrets-files`, CONTAINER).inputs as {
                uploads: { file: string; content: unknown }[];
            };
            return uploads.find(({ file }) => file === "/run/secrets/DATABASE_URL")!.content;
        };
        expect(url("api")).toEqual(secret(expect.stringContaining("@pgbouncer:6432/opshub?sslmode=require")));
        for (const job of ["api-migrate", "api-seed"]) {
            expect(url(job)).toEqual(secret(expect.stringContaining("@postgres:5432/opshub?sslmode=require")));
        }
    });
});
