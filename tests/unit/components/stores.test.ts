/** Postgres, Redis and Memgraph on the Docker target. Cannot prove: see harness.ts; and that the servers take their settings. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { Memgraph, type MemgraphArgs } from "../../../components/memgraph";
import { Postgres, type PostgresArgs } from "../../../components/postgres/postgres";
import { Redis, type RedisArgs, redisConf } from "../../../components/redis";
import { postgresArgs, RESOURCES, storeArgs, storeTarget, thrown } from "./fixtures";
import { record, secret, valueOf } from "./harness";

const CONTAINER = "docker:index/container:Container";

function postgres(changes: Partial<PostgresArgs> = {}, options: { protect?: boolean } = {}) {
    return new Postgres("gw-test-postgres", {
        ...postgresArgs(storeTarget(options)),
        settings: { shared_buffers: "256MB", maintenance_work_mem: "128MB", max_connections: "100" },
        ...changes,
    });
}

describe("Postgres", () => {
    test("is one container, its volume, its files, and a job for the extensions", async () => {
        const [, recording] = await record(() => postgres());
        expect(recording.counts()).toEqual({
            "groundwork:stores:Postgres": 1,
            "pulumi:providers:docker": 1,
            "docker:index/network:Network": 1,
            // Data and files.
            "docker:index/volume:Volume": 2,
            // Server, filler of the files, job.
            [CONTAINER]: 3,
            // Process limit and the job's run.
            "command:local:Command": 2,
        });
        expect(recording.one("gw-test-postgres", CONTAINER)).toMatchObject({
            parent: "gw-test-postgres",
            deleteBeforeReplace: true,
            inputs: {
                name: "gw-test-postgres",
                image: "sha256:postgres",
                user: "999:999",
                groupAdds: ["0"],
                readOnly: true,
                command: [
                    "postgres",
                    ...["-c", "maintenance_work_mem=128MB"],
                    ...["-c", "max_connections=100"],
                    ...["-c", "shared_buffers=256MB"],
                ],
                envs: [
                    "PGDATA=/var/lib/postgresql/data/pgdata",
                    "POSTGRES_DB=app_db",
                    "POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256 --auth-local=scram-sha-256 --data-checksums",
                    "POSTGRES_PASSWORD_FILE=/run/secrets/POSTGRES_PASSWORD",
                    "POSTGRES_USER=app",
                ],
                mounts: [
                    { type: "volume", target: "/run/secrets", readOnly: true },
                    {
                        type: "volume",
                        target: "/var/lib/postgresql/data",
                        readOnly: false,
                        source: "gw-test-postgres-data",
                    },
                ],
                tmpfs: { "/tmp": "size=64m,mode=1777", "/var/run/postgresql": "size=16m,mode=1777" },
                shmSize: 256,
                stopSignal: "SIGINT",
                stopTimeout: 120,
                destroyGraceSeconds: 120,
                networksAdvanced: [{ name: "gw-test-data-id", aliases: ["postgres"] }],
                ports: [],
                init: false,
            },
        });
    });

    test("makes its extensions over TCP, once it is healthy, with the password from its file", async () => {
        const [store, recording] = await record(() => postgres({ extensions: ["vector", "pg_trgm"] }));
        const job = recording.one("gw-test-postgres-extensions", CONTAINER);
        expect(job.dependencies).toContain("gw-test-postgres");
        expect(job.inputs).toMatchObject({
            entrypoints: [
                "/bin/sh",
                "-ec",
                'PGPASSWORD="$(cat /run/secrets/POSTGRES_PASSWORD)"; export PGPASSWORD; exec "$@"',
                "sh",
            ],
            command: [
                ...["psql", "-h", "postgres", "-p", "5432", "-U", "app", "-d", "app_db"],
                ...["-v", "ON_ERROR_STOP=1", "-q"],
                ...["-c", 'CREATE EXTENSION IF NOT EXISTS "pg_trgm"'],
                ...["-c", 'CREATE EXTENSION IF NOT EXISTS "vector"'],
            ],
            start: false,
            mustRun: false,
            restart: "no",
        });
        expect(store.ready).toHaveLength(2);
    });

    test("without extensions runs no job", async () => {
        const [store, recording] = await record(() => postgres({ extensions: [] }));
        expect(recording.ofType(CONTAINER)).toHaveLength(2);
        expect(store.ready).toHaveLength(1);
    });

    test("has the password nowhere but in a secret upload that only its group reads", async () => {
        const [, recording] = await record(() => postgres());
        expect(recording.plainText()).not.toContain("canary");
        expect(recording.one("gw-test-postgres-run-secrets-files").inputs.uploads).toEqual([
            {
                file: "/run/secrets/POSTGRES_PASSWORD",
                content: secret("canary"),
                permissions: "0440",
                executable: false,
            },
        ]);
    });

    test("keeps and protects its data where the stack says so", async () => {
        const [, recording] = await record(() => postgres({}, { protect: true }));
        expect(recording.one("gw-test-postgres-data")).toMatchObject({
            protect: true,
            retainOnDelete: true,
            ignoreChanges: ["labels"],
            parent: "gw-test-postgres",
        });
    });

    test("says everything that is wrong at once", async () => {
        const [error] = await record(() =>
            thrown(() =>
                postgres({
                    settings: { shared_buffers: "2GB", maintenance_work_mem: "512MB" },
                    extensions: ['x"; DROP TABLE a'],
                    resources: { ...RESOURCES, cpuReservation: 2 },
                }),
            ),
        );
        expect(error).toBeInstanceOf(pulumi.InputPropertiesError);
        expect(error.message).toContain("settings.shared_buffers: 2048 MiB does not fit into the container's 1024 MiB");
        expect(error.message).toContain("shmMiB: 256 is below maintenance_work_mem (512 MiB)");
        expect(error.message).toContain("is not an extension's name");
        expect(error.message).toContain("resources.cpuReservation: 2 is above the limit of 1");
    });
});

const REDIS = {
    appendOnly: true,
    appendFsync: "everysec",
    maxMemoryMiB: 512,
    maxMemoryPolicy: "allkeys-lru",
    save: ["3600 1", "300 100"],
} as const;

function redis(changes: Partial<RedisArgs> = {}) {
    return new Redis("gw-test-redis", {
        ...storeArgs("redis", storeTarget()),
        ...REDIS,
        save: [...REDIS.save],
        password: pulumi.secret("canary"),
        ...changes,
    });
}

function confOf(changes: Partial<RedisArgs>, password: string) {
    const conf = redisConf({ ...REDIS, save: [...REDIS.save], ...changes, password: pulumi.secret(password) });
    return valueOf(conf as pulumi.Output<string>);
}

describe("Redis", () => {
    test("is one container with its volume and its files", async () => {
        const [, recording] = await record(() => redis());
        expect(recording.counts()).toMatchObject({ "docker:index/volume:Volume": 2, [CONTAINER]: 2 });
        expect(recording.one("gw-test-redis", CONTAINER).inputs).toMatchObject({
            command: ["redis-server", "/run/secrets/redis.conf"],
            envs: [],
            readOnly: true,
            mounts: [
                { target: "/data", source: "gw-test-redis-data", readOnly: false },
                { target: "/run/secrets", readOnly: true },
            ],
        });
    });

    test("reads its password from a secret file, as its health check does", async () => {
        const [, recording] = await record(() => redis());
        const { uploads } = recording.one("gw-test-redis-run-secrets-files").inputs as {
            uploads: { file: string; content: unknown }[];
        };
        expect(uploads.map((u) => u.file)).toEqual(["/run/secrets/REDIS_PASSWORD", "/run/secrets/redis.conf"]);
        expect(uploads[1]!.content).toEqual(secret((await confOf({}, "canary")).value));
        expect(recording.plainText()).not.toContain("canary");
    });

    test("its whole configuration", async () => {
        expect((await confOf({ maxClients: 100 }, 'a"b\\c')).value).toBe(
            [
                "bind 0.0.0.0",
                "port 6379",
                "protected-mode yes",
                'requirepass "a\\"b\\\\c"',
                "dir /data",
                "appendonly yes",
                "appendfsync everysec",
                "maxmemory 512mb",
                "maxmemory-policy allkeys-lru",
                "maxclients 100",
                "save 3600 1",
                "save 300 100",
                "",
            ].join("\n"),
        );
        expect((await confOf({ appendOnly: false, save: [] }, "x")).value).toMatch(/appendonly no[^]*save ""/);
    });

    test("leaves room for the fork of a snapshot, or says that there is none", async () => {
        const [error] = await record(() => thrown(() => redis({ maxMemoryMiB: 1024, save: ["often"] })));
        expect(error.message).toContain("maxMemoryMiB: 1024 leaves no room below the container's 1024 MiB");
        expect(error.message).toContain('save: "often" is not "<seconds> <changes>"');
    });
});

function memgraph(changes: Partial<MemgraphArgs> = {}) {
    return new Memgraph("gw-test-memgraph", {
        ...storeArgs("memgraph", storeTarget()),
        logVolume: { name: "memgraph-log", sizeMiB: 512, stateful: false, shared: false },
        logLevel: "WARNING",
        boltPort: 7687,
        monitoringPort: 7444,
        snapshotIntervalSeconds: 300,
        snapshotRetention: 3,
        memoryLimitMiB: 896,
        ...changes,
    });
}

describe("Memgraph", () => {
    test("has every flag said, with its volumes and without files", async () => {
        const [, recording] = await record(() => memgraph());
        expect(recording.counts()).toMatchObject({ "docker:index/volume:Volume": 2, [CONTAINER]: 1 });
        expect(recording.one("gw-test-memgraph", CONTAINER).inputs).toMatchObject({
            command: [
                "--also-log-to-stderr=true",
                "--bolt-port=7687",
                "--data-directory=/var/lib/memgraph",
                "--data-recovery-on-startup=true",
                "--log-file=/var/log/memgraph/memgraph.log",
                "--log-level=WARNING",
                "--memory-limit=896",
                "--monitoring-port=7444",
                "--storage-snapshot-interval-sec=300",
                "--storage-snapshot-on-exit=true",
                "--storage-snapshot-retention-count=3",
                "--storage-wal-enabled=true",
                "--telemetry-enabled=false",
            ],
            mounts: [
                { target: "/var/lib/memgraph", source: "gw-test-memgraph-data" },
                { target: "/var/log/memgraph", source: "gw-test-memgraph-log" },
            ],
        });
        expect(recording.one("gw-test-memgraph", CONTAINER).inputs).not.toHaveProperty("groupAdds");
    });

    test("is told a limit below its container's, and takes snapshots where it keeps a log", async () => {
        const [error] = await record(() =>
            thrown(() => memgraph({ memoryLimitMiB: 1024, snapshotIntervalSeconds: 0 })),
        );
        expect(error.message).toContain("memoryLimitMiB: 1024 is not below the container's 1024 MiB");
        expect(error.message).toContain("snapshotIntervalSeconds: must be above 0");
    });
});
