/**
 * debt-os with its secrets in a store of External Secrets. Cannot prove: see components/harness.ts; that the API takes these objects and
 * that the templates give the texts, which tests/e2e/kubernetes does; and that a controller makes the Secrets.
 */
import { beforeAll, describe, expect, test } from "vitest";

import { Platform } from "../../../../components/platform";
import { SecretTemplate } from "../../../../components/secret-text";
import type { StackConfig } from "../../../../config/types";
import { SYSTEMS } from "../../../../systems";
import { KubernetesTarget } from "../../../../targets/kubernetes";
import { goTemplate } from "../../../../targets/kubernetes/external-secrets";
import { dockerTarget, stackConfig, thrown } from "../../components/fixtures";
import { record, type Recording } from "../../components/harness";
import { kubernetesTarget, TYPES, workload } from "./fixtures";

const TYPE = "kubernetes:external-secrets.io/v1:ExternalSecret";

const EXTERNAL: NonNullable<StackConfig["kubernetes"]["externalSecrets"]> = {
    store: { name: "vault", kind: "ClusterSecretStore" },
    remoteKey: "debt-os/prod",
    remoteProperty: "{name}",
    include: ["OPENAI_API_KEY"],
    refreshPolicy: "Periodic",
    refreshInterval: "15m",
};

interface Spec {
    target: { name: string; template: { data: Record<string, string> } };
    data: { secretKey: string }[];
}

function platform(externalSecrets = EXTERNAL) {
    const base = stackConfig("debt-os", { target: "kubernetes", environment: "prod" });
    const config = { ...base, kubernetes: { ...base.kubernetes, externalSecrets } };
    const identity = {
        stack: "test",
        system: "debt-os",
        environment: "prod",
        version: "1.2.3",
        prefix: "gw-test",
    } as const;
    return record(() => {
        const target = new KubernetesTarget(identity, { ...config.kubernetes, protect: true });
        return new Platform("gw-test", { system: SYSTEMS["debt-os"], config, target, localImageRef: (key) => key });
    });
}

describe("a stack whose secrets are in a store of External Secrets", () => {
    let recording: Recording;
    beforeAll(async () => {
        [, recording] = await platform();
    });
    const spec = (name: string) => recording.one(name, TYPE).inputs.spec as Spec;

    test("has one ExternalSecret for each workload with secrets, and knows none itself", () => {
        expect(
            recording
                .ofType(TYPE)
                .map(({ name }) => name)
                .sort(),
        ).toEqual(["api-external", "postgres-external", "redis-external", "worker-external"]);
        expect(recording.ofType(TYPES.secret)).toEqual([]);
        expect(recording.ofType("random:index/randomPassword:RandomPassword")).toEqual([]);
        expect(recording.one("gw-test-secrets").outputs).toEqual({ values: {} });
    });

    test("says where each is and what is made of it, escaped where that is a URL or a quoted word", () => {
        expect(recording.one("redis-external", TYPE).inputs).toMatchObject({
            metadata: { name: "redis-external", annotations: { "pulumi.com/waitFor": "condition=Ready" } },
            spec: {
                secretStoreRef: { name: "vault", kind: "ClusterSecretStore" },
                refreshPolicy: "Periodic",
                refreshInterval: "15m",
                target: { name: "redis-external", creationPolicy: "Owner", deletionPolicy: "Retain" },
                data: [{ secretKey: "REDIS_PASSWORD", remoteRef: { key: "debt-os/prod", property: "REDIS_PASSWORD" } }],
            },
        });
        expect(spec("redis-external").target.template.data["redis.conf"]).toContain(
            String.raw`requirepass "{{ .REDIS_PASSWORD | replace "\\" "\\\\" | replace "\"" "\\\"" }}"`,
        );
        const { data } = spec("api-external").target.template;
        expect(data).toMatchObject({
            JWT_SECRET: "{{ .JWT_SECRET }}",
            DB_PASSWORD: "{{ .POSTGRES_PASSWORD }}",
            DATABASE_URL:
                'postgresql://debt_os:{{ .POSTGRES_PASSWORD | urlquery | replace "+" "%20" }}@postgres:5432/debt_os?sslmode=require',
            REDIS_URL: 'redis://:{{ .REDIS_PASSWORD | urlquery | replace "+" "%20" }}@redis:6379',
        });
    });

    test("asks for those that the system cannot be without and those that the stack names, and for no other", () => {
        expect(spec("api-external").data.map(({ secretKey }) => secretKey)).toEqual([
            "GITHUB_CLIENT_ID",
            "GITHUB_CLIENT_SECRET",
            "JWT_SECRET",
            "OPENAI_API_KEY",
            "POSTGRES_PASSWORD",
            "REDIS_PASSWORD",
        ]);
    });

    test("has pods that mount what the controller makes, after it is made", () => {
        const { inputs, dependencies } = recording.one("api", TYPES.deployment);
        expect(dependencies).toContain("api-external");
        expect(inputs).toMatchObject({
            spec: {
                template: {
                    spec: {
                        volumes: expect.arrayContaining([
                            expect.objectContaining({
                                name: "files-run-secrets",
                                projected: expect.objectContaining({
                                    sources: [
                                        {
                                            secret: expect.objectContaining({ name: "api-external" }) as unknown,
                                        },
                                    ],
                                }) as unknown,
                            }),
                        ]) as unknown,
                    },
                },
            },
        });
    });
});

test("a store may have a secret that would be made of others, and need not be asked again", async () => {
    const [, recording] = await platform({
        ...EXTERNAL,
        include: ["OPENAI_API_KEY", "DATABASE_URL"],
        refreshPolicy: "OnChange",
    });
    const { target, ...spec } = recording.one("worker-external", TYPE).inputs.spec as Spec;
    expect(target.template.data.DATABASE_URL).toBe("{{ .DATABASE_URL }}");
    expect(spec).toMatchObject({ refreshPolicy: "OnChange" });
    expect(spec).not.toHaveProperty("refreshInterval");
});

test("braces of a text's own are none of the template's", () => {
    expect(goTemplate(new SecretTemplate(["{{a}} ", { secret: "B", form: "plain" }]))).toBe('{{ "{{" }}a}} {{ .B }}');
});

test("without a store, and on Docker, what nobody knows is an error that names it", async () => {
    const files = [{ path: "/run/secrets/A", content: SecretTemplate.of("A"), secret: true }];
    const [error] = await record(() => thrown(() => kubernetesTarget().workload(workload({ files }), {})));
    expect(error.message).toBe('"app" uses secrets that nobody knows: there is no store of External Secrets.');
    const [other] = await record(() => {
        const target = dockerTarget();
        target.network({ segment: "edge", isolated: false }, {});
        return thrown(() => target.workload(workload({ files }), {}));
    });
    expect(other.message).toContain("/run/secrets/A is made of secrets that the stack does not know");
});
