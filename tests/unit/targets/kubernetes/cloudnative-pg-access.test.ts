/**
 * Who reaches the servers that CloudNativePG runs, by which names, and who knows their password. Cannot prove: see components/harness.ts,
 * and cloudnative-pg.test.ts.
 */
import { beforeAll, describe, expect, test } from "vitest";

import { SecretTemplate } from "../../../../components/secret-text";
import { thrown } from "../../components/fixtures";
import { record, type Recording, secret } from "../../components/harness";
import { CLUSTER, platform, spec } from "./cloudnative-pg-fixtures";
import { kubernetesTarget, TYPES } from "./fixtures";

describe("opshub in prod, its Postgres run by CloudNativePG,", () => {
    let recording: Recording;
    beforeAll(async () => {
        recording = await platform("opshub", "prod");
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

    describe("its network policies", () => {
        const ports = [
            { port: 5432, protocol: "TCP" },
            { port: 8000, protocol: "TCP" },
        ];
        const pods = (labels: Record<string, string>) => [{ podSelector: { matchLabels: labels } }];
        const workload = (name: string) =>
            pods({ "app.kubernetes.io/name": name, "app.kubernetes.io/instance": "gw-test" });
        const servers = { "cnpg.io/cluster": "postgres" };
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
