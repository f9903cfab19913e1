/**
 * debt-os on stores that somebody else runs, on both targets. Cannot prove: see harness.ts; that a server answers there, which the
 * end-to-end tests do on Docker; and that a cluster's network enforces its policies.
 */
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

import { ExternalPostgres } from "../../../components/postgres/external";
import { Platform } from "../../../components/platform";
import { systemOf } from "../../../systems";
import type { StoreChoices } from "../../../systems/external";
import { KubernetesTarget } from "../../../targets/kubernetes";
import { TYPES } from "../targets/kubernetes/fixtures";
import { dockerTarget, LOGS, platform, stackConfig, thrown } from "./fixtures";
import { record, type Recording, secret } from "./harness";

const STORES: StoreChoices = {
    postgres: {
        mode: "external",
        host: "db.example.com",
        port: 6543,
        user: "tenant",
        tls: "verify-full",
        addresses: ["10.0.12.0/24"],
    },
    redis: { mode: "external", host: "192.0.2.7", port: 6380, tls: true, addresses: [] },
};
const GIVEN: Record<string, string> = {
    POSTGRES_PASSWORD: "p@ss",
    REDIS_PASSWORD: "r@dis",
    POSTGRES_CA_CERTIFICATE: "-----BEGIN",
};
const DATABASE_URL =
    "postgresql://tenant:p%40ss@db.example.com:6543/debt_os?sslmode=verify-full&sslrootcert=/run/secrets/POSTGRES_CA_CERTIFICATE";

describe("on Docker", () => {
    const CONTAINER = "docker:index/container:Container";
    let recording: Recording;

    beforeAll(async () => {
        const config = stackConfig("debt-os", { stores: STORES });
        [, recording] = await record(() => platform(config, { given: GIVEN }));
    });

    const names = (type: string) => recording.ofType(type).map(({ name }) => name);
    const attached = (name: string) =>
        (recording.one(name, CONTAINER).inputs.networksAdvanced as { name: string }[]).map((each) => each.name);

    test("no container, volume or image of theirs is made, and no generated password", () => {
        const running = recording.ofType(CONTAINER).filter(({ inputs }) => inputs.start);
        expect(running.map(({ name }) => name).sort()).toEqual(["gw-test-api-0", "gw-test-caddy", "gw-test-worker-0"]);
        expect(names("docker:index/volume:Volume").filter((name) => /-(postgres|redis)-data$/.test(name))).toEqual([]);
        expect(names("docker:index/remoteImage:RemoteImage").filter((name) => name.includes("redis"))).toEqual([]);
        expect(names("random:index/randomPassword:RandomPassword").filter((name) => /password$/.test(name))).toEqual(
            [],
        );
    });

    test("there is no isolated network, and everything that uses a store has a way out", () => {
        expect(names("docker:index/network:Network")).toEqual(["gw-test-edge", "gw-test-egress"]);
        expect(attached("gw-test-api-0")).toEqual(["gw-test-edge-id"]);
        for (const name of ["gw-test-worker-0", "gw-test-api-migrate", "gw-test-postgres-extensions"]) {
            expect(attached(name), name).toEqual(["gw-test-egress-id"]);
        }
    });

    test("services are told where they are", () => {
        expect(recording.one("gw-test-api-0", CONTAINER).inputs.envs).toEqual(
            expect.arrayContaining([
                "DB_HOST=db.example.com",
                "DB_PORT=6543",
                "DB_USERNAME=tenant",
                "DB_DATABASE=debt_os",
                "REDIS_HOST=192.0.2.7",
                "REDIS_PORT=6380",
                "POSTGRES_CA_CERTIFICATE_FILE=/run/secrets/POSTGRES_CA_CERTIFICATE",
            ]),
        );
        expect(recording.one("gw-test-secrets").outputs!.values).toMatchObject({
            DATABASE_URL: secret(DATABASE_URL),
            REDIS_URL: secret("rediss://:r%40dis@192.0.2.7:6380"),
        });
    });

    test("extensions are made there, by a server that is verified, before the migrations", () => {
        const job = recording.one("gw-test-postgres-extensions", CONTAINER).inputs;
        expect(job.command).toEqual([
            "psql",
            ...["-h", "db.example.com", "-p", "6543", "-U", "tenant", "-d", "debt_os"],
            ...["-v", "ON_ERROR_STOP=1", "-q", "-c", 'CREATE EXTENSION IF NOT EXISTS "vector"'],
        ]);
        expect(job.envs).toEqual(["PGSSLMODE=verify-full", "PGSSLROOTCERT=/run/secrets/POSTGRES_CA_CERTIFICATE"]);
        expect(recording.one("gw-test-api-migrate", CONTAINER).dependencies).toContain(
            "gw-test-postgres-extensions-run",
        );
    });
});

describe("on Kubernetes", () => {
    let recording: Recording;

    beforeAll(async () => {
        const config = stackConfig("debt-os", {
            target: "kubernetes",
            stores: STORES,
            givenSecrets: Object.keys(GIVEN),
        });
        const identity = {
            stack: "test",
            system: "debt-os",
            environment: "dev",
            version: "1.2.3",
            prefix: "gw-test",
        } as const;
        [, recording] = await record(
            () =>
                new Platform("gw-test", {
                    system: systemOf("debt-os", undefined, STORES),
                    config,
                    target: new KubernetesTarget(identity, { ...config.kubernetes, protect: false }),
                    givenSecrets: pulumi.secret(GIVEN),
                    localImageRef: (name) => name,
                }),
        );
    });

    test("nothing of theirs is made but the job that makes the extensions", () => {
        expect(recording.ofType(TYPES.statefulSet)).toEqual([]);
        expect(recording.ofType(TYPES.claim).map(({ name }) => name)).not.toContain("postgres-data");
        expect(recording.ofType(TYPES.service).map(({ name }) => name)).not.toContain("postgres");
        expect(
            recording
                .ofType(TYPES.job)
                .map(({ name }) => name)
                .sort(),
        ).toEqual(["api-migrate", "caddy-validate", "postgres-extensions"]);
    });

    test("who uses them is let out to their addresses, on their ports, and nobody else is", () => {
        const database = {
            to: [{ ipBlock: { cidr: "10.0.12.0/24" } }],
            ports: [{ port: 6543, protocol: "TCP" }],
        };
        const cache = { to: [{ ipBlock: { cidr: "192.0.2.7/32" } }], ports: [{ port: 6380, protocol: "TCP" }] };
        const egress = (name: string) => (recording.one(name, TYPES.policy).inputs.spec as { egress: object[] }).egress;
        for (const name of ["api", "worker"]) {
            expect(egress(name)).toHaveLength(3);
            expect(egress(name)).toEqual(expect.arrayContaining([database, cache]));
        }
        expect(egress("postgres-extensions")).toEqual([database]);
        expect(egress("api-migrate")).toEqual([database, cache]);
        expect(egress("caddy").every((rule) => !JSON.stringify(rule).includes("ipBlock"))).toBe(true);
        expect(recording.ofType(TYPES.policy).map(({ name }) => name)).not.toContain("postgres");
    });
});

test("an external Postgres that cannot be verified, or is nowhere, is refused with all that is wrong", async () => {
    const [error] = await record(() =>
        thrown(
            () =>
                new ExternalPostgres("outside", {
                    endpoint: { host: "", port: 5432, addresses: [] },
                    user: "app",
                    database: "app",
                    extensions: ['vec"tor'],
                    tls: "verify-full",
                    runAs: "999:999",
                    image: "postgres:15",
                    password: pulumi.secret("canary"),
                    logs: LOGS,
                    target: dockerTarget(),
                }),
        ),
    );
    for (const key of ["endpoint.host", "authorities", "extensions"]) expect(error.message).toContain(`${key}:`);
    expect(error.message).not.toContain("canary");
});
