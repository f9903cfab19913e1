/**
 * Postgres that may be copied, and its replica, on the Docker target. Cannot prove: see harness.ts; and that anything is replicated. What
 * the scripts do is in scripts.test.ts.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { Postgres, type PostgresArgs } from "../../../../components/postgres/postgres";
import { PostgresReplica } from "../../../../components/postgres/replica";
import { replicationOf } from "../../../../components/postgres/replication";
import { CERTIFICATE, SEE_TO_CERTIFICATE } from "../../../../components/postgres/tls";
import { secretSources } from "../../../../components/settings/secrets";
import { SYSTEMS } from "../../../../systems";
import {
    allGiven,
    dockerTarget,
    LOGS,
    platform,
    postgresArgs,
    PROBE,
    RESOURCES,
    stackConfig,
    storeTarget,
    thrown,
} from "../fixtures";
import { record, type Recording, secret } from "../harness";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
const volume = (name: string) => ({ name, sizeMiB: 1024, stateful: true, shared: false, movable: true });

function pair(changes: Partial<PostgresArgs> = {}, protect = false) {
    const { health, extensions, ...shared } = {
        ...postgresArgs(storeTarget({ protect })),
        extensions: [],
        tls: "require" as const,
        ...changes,
    };
    const postgres = new Postgres("gw-test-postgres", {
        ...shared,
        health,
        volume: volume("data"),
        extensions,
        replication: {
            replica: volume("copy"),
            volume: true,
            mayBeNew: true,
            password: pulumi.secret("bird"),
        },
    });
    return new PostgresReplica("gw-test-postgres-replica", {
        ...shared,
        timing: health,
        volume: postgres.replicaVolume!,
        replicationPassword: pulumi.secret("bird"),
    });
}

const recorded = async (...args: Parameters<typeof pair>): Promise<Recording> => (await record(() => pair(...args)))[1];

function uploads(recording: Recording, filler: string): Record<string, { content: unknown; permissions: string }> {
    const { uploads: files } = recording.one(filler, CONTAINER).inputs as {
        uploads: { file: string; content: unknown; permissions: string }[];
    };
    return Object.fromEntries(files.map((one) => [one.file, one]));
}

describe("Postgres that may be copied", () => {
    test("runs its server behind the script, with a bound on the log that it keeps", async () => {
        expect((await recorded()).one("gw-test-postgres", CONTAINER).inputs).toMatchObject({
            entrypoints: [
                ...["/bin/sh", "/etc/groundwork/primary.sh"],
                ...["/bin/sh", "-ec", SEE_TO_CERTIFICATE, "sh", CERTIFICATE],
            ],
            command: [
                ...["docker-entrypoint.sh", "postgres"],
                ...["-c", "hba_file=/etc/groundwork/pg_hba.conf"],
                ...["-c", "max_connections=100"],
                ...["-c", "max_slot_wal_keep_size=128MB"],
                ...["-c", "ssl=on"],
                ...["-c", `ssl_cert_file=${CERTIFICATE}`],
                ...["-c", `ssl_key_file=${CERTIFICATE}`],
            ],
            envs: expect.arrayContaining([
                "ASK_SECONDS=20",
                "NEW_DATABASE=allowed",
                "REPLICA_HOST=postgres-replica",
                "VOLUME=/var/lib/postgresql/data",
            ]),
        });
    });

    test.each([
        ["require", "hostssl"],
        [undefined, "host"],
    ] as const)("with tls %s lets one role replicate over %s, and that one nothing else", async (tls, kind) => {
        const file = uploads(await recorded({ tls }), "gw-test-postgres-etc-groundwork-files");
        const rules = (file["/etc/groundwork/pg_hba.conf"]!.content as string)
            .split("\n")
            .map((line) => line.split(/ +/).filter((word) => word !== ""))
            .filter(([word]) => word !== undefined && word !== "#");
        expect(rules.filter(([, , , address]) => address === "all")).toEqual([
            [kind, "replication", "replicator", "all", "scram-sha-256"],
            [kind, "all", "replicator", "all", "reject"],
            [kind, "all", "all", "all", "scram-sha-256"],
        ]);
        const inside = rules.filter(([, , , address]) => address !== "all");
        expect(inside).toHaveLength(6);
        for (const rule of inside) expect(rule.at(-1)).toBe("scram-sha-256");
    });

    test("makes the role once it is healthy, with a password that is nowhere but in a secret file", async () => {
        const recording = await recorded();
        const job = recording.one("gw-test-postgres-replication", CONTAINER);
        expect(job.dependencies).toContain("gw-test-postgres");
        expect(job.inputs).toMatchObject({
            command: [
                ...["psql", "-h", "postgres", "-p", "5432", "-U", "app", "-d", "app_db", "-v", "ON_ERROR_STOP=1", "-q"],
                ...["-v", "role=replicator", "-f", "/etc/groundwork/role.sql"],
            ],
            envs: ["PGSSLMODE=require", "REPLICATION_PASSWORD_FILE=/run/secrets/REPLICATION_PASSWORD"],
        });
        expect(uploads(recording, "gw-test-postgres-replication-run-secrets-files")).toMatchObject({
            "/run/secrets/REPLICATION_PASSWORD": { content: secret("bird"), permissions: "0440" },
        });
        expect(recording.plainText()).not.toMatch(/canary|bird/);
    });

    test("has both volumes, each kept where the stack protects", async () => {
        const recording = await recorded({}, true);
        for (const name of ["gw-test-data", "gw-test-copy"]) {
            expect(recording.one(name, VOLUME)).toMatchObject({
                parent: "gw-test-postgres",
                protect: true,
                retainOnDelete: true,
            });
        }
    });
});

describe("its replica", () => {
    test("is one container on its own volume, and waits for no other resource", async () => {
        const recording = await recorded();
        const [container] = recording.ofType(CONTAINER).filter(({ name }) => name === "gw-test-postgres-replica");
        expect(container).toMatchObject({
            deleteBeforeReplace: true,
            inputs: {
                name: "gw-test-postgres-replica",
                image: "sha256:postgres",
                user: "999:999",
                readOnly: true,
                memory: RESOURCES.memoryLimitMiB,
                cpus: "1.0",
                stopSignal: "SIGINT",
                networksAdvanced: [{ name: "gw-test-data-id", aliases: ["postgres-replica"] }],
                ports: [],
            },
        });
        const { mounts } = container!.inputs as { mounts: { readOnly: boolean; source: string }[] };
        expect(mounts.filter((mount) => !mount.readOnly).map((mount) => mount.source)).toEqual(["gw-test-copy"]);
        expect(container!.dependencies.filter((name) => name === "gw-test-postgres")).toEqual([]);
        expect(container!.dependencies).not.toContain("gw-test-postgres-replication-run");
    });

    test("follows the primary with TLS, by a slot, with the password from a file in memory", async () => {
        const { inputs } = (await recorded()).one("gw-test-postgres-replica", CONTAINER);
        const { entrypoints, command, envs } = inputs as Record<"entrypoints" | "command" | "envs", string[]>;
        const conninfo =
            "host=postgres port=5432 user=replicator passfile=/var/run/postgresql/replication.pgpass application_name=postgres_replica sslmode=require connect_timeout=5";
        expect(entrypoints.slice(0, 2)).toEqual(["/bin/sh", "/etc/groundwork/replica.sh"]);
        expect(command).toEqual(
            expect.arrayContaining([
                `primary_conninfo=${conninfo}`,
                "primary_slot_name=postgres_replica",
                "hot_standby_feedback=on",
                "max_connections=100",
            ]),
        );
        expect(envs).toEqual([
            "PASSFILE=/var/run/postgresql/replication.pgpass",
            "PGDATA=/var/lib/postgresql/data/pgdata",
            "PREPARING=/var/run/postgresql/preparing",
            `PRIMARY=${conninfo}`,
            "REPLICATION_PASSWORD_FILE=/run/secrets/REPLICATION_PASSWORD",
            "SLOT=postgres_replica",
            "VOLUME=/var/lib/postgresql/data",
        ]);
        const plain = (await recorded({ tls: undefined })).one("gw-test-postgres-replica", CONTAINER).inputs;
        expect((plain as { envs: string[] }).envs.join()).toContain("sslmode=disable");
    });

    test("is healthy while it streams and lags by less than a minute", async () => {
        const { healthcheck } = (await recorded()).one("gw-test-postgres-replica", CONTAINER).inputs as {
            healthcheck: { tests: string[]; interval: string };
        };
        expect(healthcheck.interval).toBe("10s");
        expect(healthcheck.tests.slice(0, 3)).toEqual(["CMD", "sh", "-c"]);
        expect(healthcheck.tests[3]).toContain("status = 'streaming'");
        expect(healthcheck.tests[3]).toContain("interval '60 s'");
    });

    test("has the room that its primary's settings need, or says that it has not", async () => {
        const small = { ...RESOURCES, memoryLimitMiB: 512, memoryReservationMiB: 128 };
        const [error] = await record(() => {
            const target = dockerTarget();
            target.network({ segment: "data", isolated: true }, {});
            const made = target.volume(volume("copy"), {});
            return thrown(
                () =>
                    new PostgresReplica("gw-test-postgres-replica", {
                        image: "sha256:postgres",
                        resources: small,
                        timing: PROBE,
                        runAs: "999:999",
                        logs: LOGS,
                        stopGraceSeconds: 120,
                        target,
                        user: "app",
                        database: "app_db",
                        shmMiB: 256,
                        password: pulumi.secret("canary"),
                        settings: { shared_buffers: "512MB" },
                        volume: made,
                        replicationPassword: pulumi.secret("bird"),
                    }),
            );
        });
        expect(error.message).toContain("512 MiB, as the primary has, does not fit into the container's 512 MiB");
    });
});

describe("OpsHub's replication", () => {
    const system = SYSTEMS.opshub;
    const of = (environment: "dev" | "prod", postgres = {}) =>
        replicationOf(system, stackConfig("opshub", { environment, postgres }))!;

    test("runs in prod, or where the stack says so, and keeps an eighth of the volume for it", () => {
        expect(of("prod")).toMatchObject({ runs: true, mayBeNew: true });
        expect(of("dev")).toMatchObject({ runs: false });
        expect(of("dev", { readReplicas: 1 })).toMatchObject({ runs: true });
        expect(of("prod", { readReplicas: 0 })).toMatchObject({ runs: false });
        expect(replicationOf(SYSTEMS["debt-os"], stackConfig("debt-os"))).toBeUndefined();
    });

    test("has the volumes change places at a promotion, after which none gets a new database", () => {
        const before = of("prod");
        const after = of("prod", { primaryVolume: "db-data-replica" });
        expect([before.primary.name, before.replica.name]).toEqual(["db-data", "db-data-replica"]);
        expect(after).toMatchObject({ primary: before.replica, replica: before.primary, mayBeNew: false });
        expect(of("prod", { primaryVolume: "db-data" })).toMatchObject({ primary: before.primary, mayBeNew: false });
    });

    test("is told to the services, and its address only where it runs", () => {
        const sources = (postgres: object) =>
            secretSources(system, stackConfig("opshub", { postgres }))["DATABASE_REPLICA_URL"];
        expect(sources({})).toBe("absent");
        expect(sources({ readReplicas: 1 })).toBe("derived");
    });

    test("changes no volume at a promotion but who mounts it", async () => {
        const volumes = async (postgres: object) => {
            const config = stackConfig("opshub", { environment: "prod", postgres });
            const [, recording] = await record(() => platform(config, { given: allGiven("opshub") }));
            const mounted = (name: string) => {
                const { mounts } = recording.one(name, CONTAINER).inputs as {
                    mounts: { target: string; source: string }[];
                };
                return mounts.find((mount) => mount.target === "/var/lib/postgresql/data")!.source;
            };
            const made = recording.ofType(VOLUME).filter(({ name }) => name.includes("db-data"));
            return { made, mounted: [mounted("gw-test-postgres"), mounted("gw-test-postgres-replica")] };
        };
        const before = await volumes({});
        const after = await volumes({ primaryVolume: "db-data-replica" });
        const byName = ({ name }: { name: string }, other: { name: string }) => (name < other.name ? -1 : 1);
        expect(after.made.sort(byName)).toEqual(before.made.sort(byName));
        expect(before.made).toHaveLength(2);
        expect(before.mounted).toEqual(["gw-test-db-data", "gw-test-db-data-replica"]);
        expect(after.mounted).toEqual(["gw-test-db-data-replica", "gw-test-db-data"]);
    });
});
