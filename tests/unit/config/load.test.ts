import { describe, expect, it } from "vitest";

import { PRIVATE_RANGES } from "../../../config/defaults";
import { deployedBy, loadStackConfig, programContext } from "../../../config/load";
import { SYSTEMS } from "../../../systems";
import { ENVIRONMENTS, imageKeys, SYSTEM_KEYS } from "../../../systems/types";
import { pem } from "./broken/case";
import { DEV, load, PROD, rawOf, refusal, refusalOf, SAMPLE, SAMPLES, type Values } from "./fixture";

const secret = (bytes: number) => Buffer.alloc(bytes, 7).toString("base64");

describe("defaults", () => {
    it("of dev keep a stack on this machine", () => {
        expect(load(DEV)).toEqual({
            system: "debt-os",
            environment: "dev",
            target: "docker",
            domain: "debt-os.localhost",
            edge: { address: "127.0.0.1", httpPort: 8090, httpsPort: 8490 },
            tls: { mode: "internal" },
            images: { source: "registry", mirror: undefined, overrides: {} },
            docker: { host: undefined },
            kubernetes: {
                context: undefined,
                namespace: undefined,
                namespaceLabels: {},
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
            edge: { address: "0.0.0.0", httpPort: 80, httpsPort: 443 },
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
            edge: { address: "::1", httpPort: 1, httpsPort: 65535 },
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
                },
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
        { via: "service", service: "LoadBalancer", sourceRanges: ["192.0.2.1/32"] },
    ])("give way to the Service that the stack asks for: $service", (edge) => {
        expect(load({ ...DEV, target: "kubernetes", kubernetes: { edge } }).kubernetes.edge).toMatchObject(edge);
    });
});

describe("a replica of Postgres", () => {
    const opshub = (postgres: Values) => load({ system: "opshub", environment: "dev", postgres }, {}, SYSTEMS);

    it("may run, and be promoted, where the system's document asks for one", () => {
        const said = { readReplicas: 1, primaryVolume: "db-data-replica" };
        expect(opshub(said).postgres).toEqual(said);
        expect(opshub({ primaryVolume: "db-data" }).postgres).toEqual({ primaryVolume: "db-data" });
        const { message } = refusalOf(() => opshub({ primaryVolume: "db-data-replca" }));
        expect(message).toContain("is not a volume of the Postgres of opshub");
        expect(message).toContain("Known: db-data, db-data-replica");
    });

    it("has resources of its own, with room for what the primary is told to use", () => {
        const services = (name: string, memoryLimitMiB: number) => {
            const said = { [name]: { resources: { memoryLimitMiB } } };
            return () => load({ system: "opshub", environment: "dev", services: said }, {}, SYSTEMS);
        };
        expect(services("postgres-replica", 512)().services).toHaveProperty("postgres-replica");
        expect(services("pgbouncer", 128)().services).toHaveProperty("pgbouncer");
        const { message } = refusalOf(services("postgres-replica", 128));
        expect(message).toContain("must be above 128 MiB, which postgres-replica is told to use (shared_buffers)");
    });
});

describe("a database", () => {
    it("may be chosen where the system offers a choice, which decides what else there is", () => {
        expect(load({ ...DEV, database: "postgres" }).database).toBe("postgres");
        expect(load({ ...DEV, database: "sqlite" }).database).toBe("sqlite");
        const limits = { services: { postgres: { resources: { memoryLimitMiB: 2048 } } } };
        expect(load({ ...DEV, ...limits }).database).toBeUndefined();
        const { message } = refusal({ ...DEV, ...limits, database: "sqlite" });
        expect(message).toContain("groundwork:services.postgres");
        expect(message).toContain("is not a service or store of debt-os");
    });

    it("is refused where the system offers none, or not this one", () => {
        const without = { ...SAMPLES, "debt-os": { ...SAMPLE, databases: undefined } };
        const refused = refusalOf(() => load({ ...DEV, database: "postgres" }, undefined, without));
        expect(refused.message).toContain("its document offers no choice, it runs on postgres and memgraph");
        const one = { ...SAMPLES, "debt-os": { ...SAMPLE, databases: { default: "postgres" as const, others: {} } } };
        expect(refusalOf(() => load({ ...DEV, database: "sqlite" }, undefined, one)).message).toContain(
            "must be one that debt-os offers: postgres",
        );
    });
});

describe("services", () => {
    const services = (said: unknown) => load({ ...DEV, services: { api: said } }).services.api;

    it("take every override", () => {
        const said = {
            replicas: 4,
            resources: { cpuLimit: 2, cpuReservation: 0.5, memoryLimitMiB: 1024, memoryReservationMiB: 1024 },
            env: { LOG_LEVEL: "debug", http_proxy: "http://proxy.example.com:3128", EMPTY: "" },
            command: ["node", "main.js"],
            secretDelivery: "export",
        };
        expect(services(said)).toEqual(said);
    });

    it("take variables and cores as `pulumi config set --path` writes them", () => {
        expect(
            services({
                env: { PORT: 3001, DEBUG: true, OFF: false },
                resources: { cpuLimit: "0.5", cpuReservation: "0.25" },
            }),
        ).toEqual({
            env: { PORT: "3001", DEBUG: "true", OFF: "false" },
            resources: { cpuLimit: 0.5, cpuReservation: 0.25 },
        });
    });

    it("may be stores and the edge, for their resources", () => {
        const said = {
            postgres: { resources: { memoryLimitMiB: 4096 } },
            redis: { replicas: 1, resources: { memoryLimitMiB: 513 } },
            caddy: { resources: { memoryLimitMiB: 512 } },
        };
        expect(load({ ...DEV, services: said }).services).toEqual(said);
    });

    it("may export secrets when the system gives the command", () => {
        expect(
            load({ ...DEV, services: { reader: { secretDelivery: "export", replicas: 3 } } }).services.reader,
        ).toBeDefined();
    });
});

describe("a required variable that nobody sets", () => {
    const systems = structuredClone(SAMPLES);
    systems["debt-os"].services[0]?.env.push({ name: "TENANT", required: true, description: "Whose it is" });

    it("is asked for", () => {
        expect(() => load(DEV, {}, systems)).toThrow(
            "groundwork:services.api.env.TENANT\n      is required: debt-os does not start without it (Whose it is)",
        );
    });

    it("is taken from the stack", () => {
        const config = load({ ...DEV, services: { api: { env: { TENANT: "acme" } } } }, {}, systems);
        expect(config.services.api?.env).toEqual({ TENANT: "acme" });
    });
});

describe("secrets", () => {
    it("are named and never held", () => {
        const values = {
            SIGNING_KEY: secret(32),
            JWT_SECRET: "a1B2".repeat(16),
            DATABASE_URL: "postgresql://db.example.com/x",
            API_KEY: "sk-real",
        };
        const config = load({ ...DEV, secrets: values });
        expect(config.givenSecrets).toEqual(["API_KEY", "DATABASE_URL", "JWT_SECRET", "SIGNING_KEY"]);
        for (const value of Object.values(values)) expect(JSON.stringify(config)).not.toContain(value);
    });

    it("may be given as one of two alternatives", () => {
        expect(load({ ...PROD, secrets: { OTHER_KEY: "x", CHAT_TOKEN: "y" } }).givenSecrets).toEqual([
            "CHAT_TOKEN",
            "OTHER_KEY",
        ]);
    });

    it("pass when Pulumi says that they are encrypted", () => {
        expect(load(PROD, { secretKeys: ["groundwork:secrets"] }).givenSecrets).toHaveLength(2);
    });
});

describe("TLS", () => {
    it("takes a certificate that fits key, domain and subdomains", () => {
        const secrets = {
            ...(PROD.secrets as Values),
            TLS_CERTIFICATE: pem("fullchain.pem"),
            TLS_PRIVATE_KEY: pem("privkey.pem"),
        };
        expect(load({ ...PROD, tls: { mode: "certificate" }, secrets }).tls).toEqual({ mode: "certificate" });
    });

    it("takes a private domain from an authority of one's own", () => {
        const tls = { mode: "acme", email: "a@example.com", directory: "https://ca.corp.internal/acme/directory" };
        expect(load({ ...PROD, domain: "platform.corp.internal", tls }).tls).toEqual(tls);
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

describe("the backup toolbox", () => {
    const { images: _none, ...without } = PROD;

    it.each([
        ["a mirror has it", { images: { mirror: "mirror.example.com" } }],
        ["stand-ins run", { images: { source: "local" } }],
        ["nothing is backed up", { backup: { enabled: false } }],
        ["the stack is for development", { environment: "dev", backup: { enabled: true } }],
    ] as [string, Values][])("need not be named where %s", (_, said) => {
        const { backup, ...dev } = without;
        const tls = { mode: "internal" };
        const values = said.environment === "dev" ? { ...dev, tls, edge: {} } : { ...dev, backup };
        expect(load({ ...values, ...said }).images.overrides).toEqual({});
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
