/**
 * OpsHub and DEBT-OS with their Postgres run by CloudNativePG. Cannot prove: see components/harness.ts; that the API takes these objects, which
 * tests/e2e/kubernetes does with the operator's own CRDs; and that the operator makes of them what they say.
 */
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

import type { PostgresClusterSpec } from "../../../../components/postgres/cluster-spec";
import { Platform } from "../../../../components/platform";
import { SecretTemplate } from "../../../../components/secret-text";
import type { StackConfig } from "../../../../config/types";
import { systemOf } from "../../../../systems";
import type { StoreChoices } from "../../../../systems/external";
import type { Environment, SystemKey } from "../../../../systems/types";
import { KubernetesTarget } from "../../../../targets/kubernetes";
import { allGiven, LOGS, RESOURCES, stackConfig, thrown } from "../../components/fixtures";
import { record, type Recording, secret } from "../../components/harness";
import { kubernetesTarget, TYPES } from "./fixtures";

const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const DATABASE = "kubernetes:postgresql.cnpg.io/v1:Database";

const STORES: StoreChoices = {
    postgres: { mode: "operator", apiServer: ["10.0.0.10/32", "10.0.0.11/32"], operatorNamespace: "databases" },
    redis: { mode: "container" },
};

async function platform(
    key: SystemKey,
    environment: Environment,
    kubernetes: Partial<StackConfig["kubernetes"]> = {},
): Promise<Recording> {
    const given = kubernetes.externalSecrets ? {} : allGiven(key);
    const base = stackConfig(key, {
        ...{ target: "kubernetes" as const, environment },
        ...{ stores: STORES, givenSecrets: Object.keys(given) },
    });
    const config = { ...base, kubernetes: { ...base.kubernetes, ...kubernetes } };
    const identity = { stack: "test", system: key, environment, version: "1.2.3", prefix: "gw-test" } as const;
    const [, recording] = await record(
        () =>
            new Platform("gw-test", {
                system: systemOf(key, undefined, STORES),
                config,
                target: new KubernetesTarget(identity, { ...config.kubernetes, protect: config.protect }),
                givenSecrets: pulumi.secret(given),
                localImageRef: (name) => name,
            }),
    );
    return recording;
}

function spec(changes: Partial<PostgresClusterSpec>): PostgresClusterSpec {
    return {
        ...{ name: "postgres", component: "postgres", image: "registry.example.com/postgresql:16.10", instances: 1 },
        ...{ user: "app", database: "app_db", password: pulumi.secret("canary"), extensions: ["vector"] },
        ...{ settings: { shared_buffers: "512MB" }, shmMiB: 256, requireTls: true, stopGraceSeconds: 120 },
        ...{ sizeMiB: 1024, stateful: true, resources: RESOURCES, waitSeconds: 60 },
        logs: { maxFileMiB: LOGS.maxFileMiB, maxFiles: LOGS.maxFiles },
        ...changes,
    };
}

const labelsOf = (system: SystemKey, environment: Environment) => ({
    "app.kubernetes.io/name": "postgres",
    "app.kubernetes.io/instance": "gw-test",
    "app.kubernetes.io/component": "postgres",
    "app.kubernetes.io/part-of": system,
    "app.kubernetes.io/managed-by": "groundwork",
    "dev.groundwork/environment": environment,
    "dev.groundwork/stack": "test",
    "dev.groundwork/system": system,
});

describe("opshub in prod", () => {
    let recording: Recording;
    beforeAll(async () => {
        recording = await platform("opshub", "prod", { storageClass: "fast" });
    });

    test("is a Cluster with what its document says of the server, and one server more for its read replica", () => {
        expect(recording.one("postgres", CLUSTER).inputs).toEqual({
            apiVersion: "postgresql.cnpg.io/v1",
            kind: "Cluster",
            metadata: {
                name: "postgres",
                namespace: "gw-test",
                labels: { ...labelsOf("opshub", "prod"), "app.kubernetes.io/version": "1.2.3" },
                annotations: { "pulumi.com/waitFor": "condition=Ready" },
            },
            spec: {
                instances: 2,
                imageName: "ghcr.io/cloudnative-pg/postgresql:15-standard-bookworm",
                imagePullPolicy: "IfNotPresent",
                bootstrap: {
                    initdb: {
                        database: "opshub",
                        owner: "opshub",
                        secret: { name: "postgres-owner" },
                        dataChecksums: true,
                    },
                },
                postgresql: {
                    parameters: {
                        checkpoint_completion_target: "0.9",
                        effective_cache_size: "12GB",
                        maintenance_work_mem: "512MB",
                        max_connections: "100",
                        shared_buffers: "4GB",
                    },
                    shared_preload_libraries: ["pg_stat_statements"],
                    pg_hba: ["hostnossl all all all reject"],
                },
                storage: { size: "100Gi", storageClass: "fast" },
                resources: {
                    requests: { cpu: "2", memory: "8Gi", "ephemeral-storage": "370Mi" },
                    limits: { cpu: "4", memory: "16Gi", "ephemeral-storage": "570Mi" },
                },
                ephemeralVolumesSizeLimit: { shm: "1Gi" },
                priorityClassName: "gw-test-stores",
                affinity: {
                    enablePodAntiAffinity: true,
                    podAntiAffinityType: "preferred",
                    topologyKey: "kubernetes.io/hostname",
                },
                enablePDB: true,
                primaryUpdateMethod: "switchover",
                stopDelay: 120,
                smartShutdownTimeout: 0,
                inheritedMetadata: { labels: labelsOf("opshub", "prod") },
            },
        });
    });

    test("has the extensions in its database, which its owner may not make", () => {
        const { inputs, dependencies } = recording.one("postgres-extensions", DATABASE);
        expect(inputs).toMatchObject({
            metadata: { annotations: { "pulumi.com/waitFor": "jsonpath={.status.applied}=true" } },
            spec: {
                name: "opshub",
                owner: "opshub",
                cluster: { name: "postgres" },
                extensions: [{ name: "pg_stat_statements", ensure: "present" }],
                databaseReclaimPolicy: "retain",
            },
        });
        expect(dependencies).toContain("postgres");
    });

    test("has its owner's password in a Secret that keeps its name, and of whose change the servers are told", () => {
        const { inputs } = recording.one("postgres-owner", TYPES.secret);
        expect(inputs).toMatchObject({
            metadata: { name: "postgres-owner", labels: { "cnpg.io/reload": "true" } },
            type: "Opaque",
            data: secret({
                username: Buffer.from("opshub").toString("base64"),
                password: expect.any(String) as unknown,
            }),
        });
        expect(inputs).not.toHaveProperty("immutable");
    });

    test("has no server, volume, Service or job of the stack's own for it", () => {
        const names = (type: string) => recording.ofType(type).map(({ name }) => name);
        expect(names(TYPES.statefulSet)).toEqual(["redis"]);
        expect(names(TYPES.claim).filter((name) => name.startsWith("db-data"))).toEqual([]);
        expect(names(TYPES.service).filter((name) => name.startsWith("postgres"))).toEqual([]);
        expect(names(TYPES.job).sort()).toEqual(["api-migrate", "api-seed", "caddy-validate"]);
    });

    test("keeps what holds data, and who may read it", () => {
        for (const [name, type] of [
            ["postgres", CLUSTER],
            ["postgres-owner", TYPES.secret],
        ] as const)
            expect(recording.one(name, type)).toMatchObject({ protect: true, retainOnDelete: true });
    });

    test("has PgBouncer lead to the primary, after its extensions are there, and its migrations wait for them", () => {
        const { dependencies } = recording.one("pgbouncer", TYPES.deployment);
        expect(dependencies).toEqual(expect.arrayContaining(["postgres", "postgres-extensions"]));
        const { data } = recording.one("pgbouncer-files", TYPES.configMap).inputs as { data: Record<string, string> };
        expect(data["pgbouncer.ini"]).toContain("opshub = host=postgres-rw port=5432 dbname=opshub\n");
        expect(recording.one("api-migrate", TYPES.job).dependencies).toContain("postgres-extensions");
    });

    test("is reached by the names of the operator's Services", () => {
        expect(recording.one("gw-test-secrets").outputs!.values).toMatchObject({
            DATABASE_URL: secret(expect.stringContaining("@pgbouncer:6432/opshub?sslmode=require")),
            DATABASE_DIRECT_URL: secret(expect.stringContaining("@postgres-rw:5432/opshub?sslmode=require")),
            DATABASE_REPLICA_URL: secret(expect.stringContaining("@postgres-ro:5432/opshub?sslmode=require")),
        });
    });

    test("starts no server before the policies that let it be reached", () => {
        const needed = ["default-deny", "allow-dns", "postgres", "postgres-owner"];
        expect(recording.one("postgres", CLUSTER).dependencies).toEqual(expect.arrayContaining(needed));
    });
});

describe("its network policies", () => {
    const ports = [
        { port: 5432, protocol: "TCP" },
        { port: 8000, protocol: "TCP" },
    ];
    const pods = (labels: Record<string, string>) => [{ podSelector: { matchLabels: labels } }];
    const workload = (name: string) =>
        pods({ "app.kubernetes.io/name": name, "app.kubernetes.io/instance": "gw-test" });
    const servers = { "cnpg.io/cluster": "postgres" };
    let recording: Recording;
    beforeAll(async () => {
        recording = await platform("opshub", "prod");
    });
    const policy = (name: string) => recording.one(name, TYPES.policy).inputs.spec;

    test("are for the pods that the operator makes, its jobs' too, by the operator's label", () => {
        expect(policy("postgres")).toEqual({
            podSelector: { matchLabels: servers },
            policyTypes: ["Ingress", "Egress"],
            ingress: [
                // The operator, in its own namespace.
                {
                    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "databases" } } }],
                    ports,
                },
                { from: workload("api-migrate"), ports: [ports[0]] },
                { from: workload("api-seed"), ports: [ports[0]] },
                { from: workload("pgbouncer"), ports: [ports[0]] },
                // Each other.
                { from: pods(servers), ports },
            ],
            egress: [
                {
                    to: [{ ipBlock: { cidr: "10.0.0.10/32" } }, { ipBlock: { cidr: "10.0.0.11/32" } }],
                    ports: [
                        { port: 443, protocol: "TCP" },
                        { port: 6443, protocol: "TCP" },
                    ],
                },
                { to: pods(servers), ports },
            ],
        });
    });

    test("let reports to those that follow the primary, and no service to the primary past the pooler", () => {
        const replicas = { ...servers, "cnpg.io/instanceRole": "replica" };
        expect(policy("postgres-replica")).toEqual({
            podSelector: { matchLabels: replicas },
            policyTypes: ["Ingress", "Egress"],
            ingress: [
                { from: workload("api"), ports: [ports[0]] },
                { from: workload("worker"), ports: [ports[0]] },
            ],
            egress: [],
        });
        const { egress } = policy("api") as { egress: { to: object[] }[] };
        expect(egress.map(({ to }) => to)).toContainEqual(pods(replicas));
        expect(egress.map(({ to }) => to)).not.toContainEqual(pods(servers));
    });
});

describe("debt-os in dev", () => {
    let recording: Recording;
    beforeAll(async () => {
        recording = await platform("debt-os", "dev");
    });

    test("is one server, which a node's drain may stop, with memory reserved for what it shares, and may be deleted", () => {
        const { inputs, protect, retainOnDelete } = recording.one("postgres", CLUSTER);
        expect(inputs.spec).toMatchObject({
            instances: 1,
            imageName: "ghcr.io/cloudnative-pg/postgresql:16-standard-bookworm",
            // The document's tuning has 256 MB of shared_buffers; dev reserves 64 MiB.
            resources: { requests: { memory: "256Mi" }, limits: { memory: "1Gi" } },
            enablePDB: false,
            primaryUpdateMethod: "restart",
        });
        expect(inputs.spec).not.toHaveProperty("storage.storageClass");
        expect(inputs.spec).not.toHaveProperty("postgresql.shared_preload_libraries");
        expect([protect, retainOnDelete]).toEqual([false, false]);
    });

    test("has room in the quota for a server and the job that makes its data", async () => {
        const container = await record(() => {
            const target = kubernetesTarget();
            target.complete({});
        });
        expect(container[1].one("stack", TYPES.quota).inputs.spec).toMatchObject({ hard: { pods: "0" } });
        const [, own] = await record(() => {
            const target = kubernetesTarget();
            target.postgresCluster(spec({ instances: 3 }), {});
            target.complete({});
        });
        // 3 servers and a job of 0.25 to 1 core, 512 to 1024 MiB, and 10 to 30 MiB of logs with 320 MiB beside them.
        expect(own.one("stack", TYPES.quota).inputs.spec).toEqual({
            hard: {
                "limits.cpu": "4",
                "limits.ephemeral-storage": "1400Mi",
                "limits.memory": "4Gi",
                pods: "4",
                "requests.cpu": "1",
                "requests.ephemeral-storage": "1320Mi",
                "requests.memory": "2Gi",
            },
        });
    });

    test("asks for no TLS, no library and no Database where the document asks for none", async () => {
        const [, own] = await record(() =>
            kubernetesTarget().postgresCluster(spec({ extensions: [], requireTls: false }), {}),
        );
        expect(own.ofType(DATABASE)).toEqual([]);
        expect(own.one("postgres", CLUSTER).inputs.spec).toMatchObject({
            postgresql: { parameters: { shared_buffers: "512MB" } },
        });
        expect(own.one("postgres", CLUSTER).inputs.spec).not.toHaveProperty("postgresql.pg_hba");
    });
});

test("a store of External Secrets has the owner's Secret made, with the same name, keys and label", async () => {
    const recording = await platform("opencode-acp", "prod", {
        externalSecrets: {
            store: { name: "vault", kind: "ClusterSecretStore" },
            remoteKey: "acp/{name}",
            include: [],
            refreshPolicy: "Periodic",
            refreshInterval: "1h",
        },
    });
    expect(recording.ofType(TYPES.secret)).toEqual([]);
    expect(recording.one("postgres-owner").inputs).toMatchObject({
        kind: "ExternalSecret",
        spec: {
            target: {
                name: "postgres-owner",
                template: {
                    metadata: { labels: { "cnpg.io/reload": "true" } },
                    data: { password: "{{ .POSTGRES_PASSWORD }}", username: expect.stringMatching(/^\w+$/) as unknown },
                },
            },
            data: [{ secretKey: "POSTGRES_PASSWORD", remoteRef: { key: "acp/POSTGRES_PASSWORD" } }],
        },
    });
    expect(recording.one("postgres", CLUSTER).dependencies).toContain("postgres-owner");
});

test("without such a store a password that nobody knows is an error", async () => {
    const [error] = await record(() =>
        thrown(() =>
            kubernetesTarget().postgresCluster(spec({ password: SecretTemplate.of("POSTGRES_PASSWORD") }), {}),
        ),
    );
    expect(error.message).toBe('"postgres" uses secrets that nobody knows: there is no store of External Secrets.');
});
