/**
 * OpsHub and DEBT-OS with their Postgres run by CloudNativePG: the servers and their database. Cannot prove: see components/harness.ts;
 * that the API takes these objects, which tests/e2e/kubernetes does with the operator's own CRDs; and that the operator makes of them what
 * they say.
 */
import { beforeAll, describe, expect, test } from "vitest";

import { record, type Recording } from "../../components/harness";
import { CLUSTER, DATABASE, platform, spec } from "./cloudnative-pg-fixtures";
import { kubernetesTarget, TYPES } from "./fixtures";

const LABELS = {
    "app.kubernetes.io/name": "postgres",
    "app.kubernetes.io/instance": "gw-test",
    "app.kubernetes.io/component": "postgres",
    "app.kubernetes.io/part-of": "opshub",
    "app.kubernetes.io/managed-by": "groundwork",
    "dev.groundwork/environment": "prod",
    "dev.groundwork/stack": "test",
    "dev.groundwork/system": "opshub",
};

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
                labels: { ...LABELS, "app.kubernetes.io/version": "1.2.3" },
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
                inheritedMetadata: { labels: LABELS },
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
