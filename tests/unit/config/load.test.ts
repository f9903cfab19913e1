import { describe, expect, it } from "vitest";

import { PRIVATE_RANGES } from "../../../config/defaults";
import { deployedBy, loadStackConfig, programContext } from "../../../config/load";
import { SYSTEMS } from "../../../systems";
import { ENVIRONMENTS, imageKeys, SYSTEM_KEYS } from "../../../systems/types";
import { DEV, load, PROD, rawOf, refusal, SAMPLES, type Values } from "./fixture";

describe("defaults", () => {
    it("of dev keep a stack on this machine", () => {
        expect(load(DEV)).toEqual({
            system: "debt-os",
            environment: "dev",
            target: "docker",
            domain: "debt-os.localhost",
            edge: { address: "127.0.0.1", httpPort: 8090, httpsPort: 8490, http3: true },
            tls: { mode: "internal" },
            images: { source: "registry", mirror: undefined, overrides: {} },
            docker: { host: undefined },
            kubernetes: {
                context: undefined,
                namespace: undefined,
                namespaceLabels: {},
                imagePullSecrets: [],
                storageClass: undefined,
                sharedStorageClass: undefined,
                sharedAccessMode: "ReadWriteOnce",
                privateRanges: PRIVATE_RANGES,
                edge: {
                    via: "service",
                    className: undefined,
                    clusterIssuer: undefined,
                    annotations: {},
                    service: "ClusterIP",
                    httpNodePort: undefined,
                    httpsNodePort: undefined,
                    sourceRanges: [],
                    drainSeconds: 10,
                    trustedProxies: [],
                },
                externalSecrets: undefined,
            },
            postgres: {},
            services: {},
            stores: { postgres: { mode: "container" }, redis: { mode: "container" } },
            volumes: {},
            givenSecrets: [],
            backup: { enabled: false, timeZone: "UTC", localDays: 0, drill: "none" },
            objectives: {},
            protect: false,
        });
    });

    it.each(["staging", "prod"])("of %s face the world, back up and protect", (environment) => {
        expect(load({ ...PROD, environment })).toMatchObject({
            environment,
            domain: "platform.example.com",
            edge: { address: "0.0.0.0", httpPort: 80, httpsPort: 443, http3: true },
            tls: { mode: "acme", email: "platform@example.com" },
            kubernetes: { sharedAccessMode: "ReadWriteMany", edge: { service: "LoadBalancer" } },
            givenSecrets: ["API_KEY", "CHAT_TOKEN"],
            backup: { enabled: true, timeZone: "UTC" },
            protect: true,
        });
    });

    it("give way to what the stack says", () => {
        const said: Values = {
            target: "kubernetes",
            domain: "a.example.com",
            edge: { address: "::1", httpPort: 1, httpsPort: 65535, http3: false },
            images: {
                source: "local",
                mirror: "mirror.example.com:5000/a/b",
                overrides: { caddy: "caddy@sha256:" + "a".repeat(64) },
            },
            docker: { host: "ssh://deploy@docker.example.com:2222" },
            kubernetes: {
                context: "arn:aws:eks:eu-central-1:123456789012:cluster/prod",
                namespace: "platform",
                storageClass: "gp3",
                sharedStorageClass: "efs",
                sharedAccessMode: "ReadWriteMany",
                privateRanges: ["10.0.0.0/8", "fd00::/8"],
                edge: {
                    via: "ingress",
                    className: "nginx",
                    clusterIssuer: "letsencrypt",
                    annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "500m" },
                    trustedProxies: ["35.191.0.0/16"],
                },
                imagePullSecrets: ["registry-login"],
            },
            volumes: { files: { sizeMiB: 64 } },
            backup: { enabled: true, timeZone: "Europe/Berlin" },
            objectives: { "service-crash": { rtoSeconds: 300 }, "complete-loss": { rpoSeconds: 99_999 } },
            protect: "true",
        };
        expect(load({ ...DEV, ...said })).toMatchObject({ ...said, protect: true });
    });

    it.each([
        { via: "service", service: "NodePort", httpNodePort: 30080, httpsNodePort: 30443 },
        { via: "service", service: "LoadBalancer", sourceRanges: ["192.0.2.1/32"], drainSeconds: 150 },
    ])("give way to the Service that the stack asks for: $service", (edge) => {
        expect(load({ ...DEV, target: "kubernetes", kubernetes: { edge } }).kubernetes.edge).toMatchObject(edge);
    });
});

describe("keys of other namespaces", () => {
    it("are passed over", () => {
        const others = { "aws:region": "eu-central-1", "docker:host": "x", "pulumi:tags": "{}" };
        expect(loadStackConfig({ ...rawOf(DEV), ...others }, SAMPLES).system).toBe("debt-os");
    });

    it("are refused when they are ours misspelt", () => {
        expect(() => loadStackConfig({ ...rawOf(DEV), "groundwrk:domain": "x" }, SAMPLES)).toThrow(
            "Did you mean groundwork?",
        );
    });

    it("are refused when there is none", () => {
        expect(() => loadStackConfig({ ...rawOf(DEV), domain: "x" }, SAMPLES)).toThrow("must have a namespace");
    });
});

describe("what a stack would run", () => {
    it("is known of a file in which something is wrong, with what backs it up", () => {
        const values = { ...PROD, domain: "not a host", nonsense: "x" };
        const { system, images } = deployedBy(rawOf(values), SAMPLES)!;
        expect(images.overrides).toEqual({ backup: "registry.example.com/groundwork/backup:1.0.0" });
        expect(imageKeys(system).sort()).toEqual(
            [
                "backup",
                "caddy",
                "memgraph",
                "postgres-15",
                "redis-7",
                "sample-api",
                "sample-files",
                "sample-reader",
            ].sort(),
        );
        expect(deployedBy(rawOf({ environment: "prod" }), SAMPLES)).toBeUndefined();
    });
});

describe("the real systems", () => {
    const cases = SYSTEM_KEYS.flatMap((system) => ENVIRONMENTS.map((environment) => ({ system, environment })));

    it.each(cases)("load with little said: $system in $environment", ({ system, environment }) => {
        const given = SYSTEMS[system].secrets.filter(({ shape, required }) => shape.kind === "given" && required);
        const outside = {
            domain: "platform.example.com",
            tls: { mode: "acme", email: "platform@example.com" },
            backup: PROD.backup,
            images: PROD.images,
            secrets: Object.fromEntries(given.map(({ name }) => [name, "value-of-tests"])),
        };
        const values = { system, environment, ...(environment === "dev" ? {} : outside) };
        const config = load(values, {}, SYSTEMS);
        expect(config).toMatchObject({ system, environment, protect: environment !== "dev" });
    });

    it("share no port in dev", () => {
        const ports = SYSTEM_KEYS.flatMap((system) => {
            const { edge } = load({ system, environment: "dev" }, {}, SYSTEMS);
            return [edge.httpPort, edge.httpsPort];
        });
        expect(new Set(ports).size).toBe(10);
    });

    it("are each asked for what only an outsider can issue", () => {
        for (const system of SYSTEM_KEYS) {
            const required = SYSTEMS[system].secrets.filter((s) => s.required && s.shape.kind === "given");
            const values = { ...PROD, system, secrets: {} };
            if (required.length === 0) {
                expect(load(values, {}, SYSTEMS).givenSecrets).toEqual([]);
                continue;
            }
            expect(() => load(values, {}, SYSTEMS)).toThrow("nobody but you has it");
        }
    });
});

it("reports a wrong value and what is missing beside it in one go", () => {
    const { problems } = refusal({ system: "debt-os", environment: "prod", tls: { mode: "acme" } });
    expect(problems.map(({ key }) => key)).toEqual([
        "groundwork:backup.bucket.region",
        "groundwork:backup.bucket.replicaRegion",
        "groundwork:domain",
        "groundwork:images.overrides.backup",
        "groundwork:secrets.API_KEY",
        "groundwork:secrets.CHAT_TOKEN",
        "groundwork:tls.email",
    ]);
});

describe("a program that Pulumi runs", () => {
    it("is told the stack's file and which keys are secret", () => {
        const env = { PULUMI_CONFIG_SECRET_KEYS: '["groundwork:secrets"]' };
        expect(programContext("eu", env)).toEqual({ file: "Pulumi.eu.yaml", secretKeys: ["groundwork:secrets"] });
        expect(load(PROD, programContext("eu", env)).environment).toBe("prod");
        expect(() => load(PROD, programContext("eu", { PULUMI_CONFIG_SECRET_KEYS: "[]" }))).toThrow(
            "must be set with --secret",
        );
    });

    it("is not asked for what the engine did not say", () => {
        expect(programContext("eu", {}).secretKeys).toBeUndefined();
    });
});
