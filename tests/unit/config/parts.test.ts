/** What a stack may say of its parts, beyond the defaults: stores, services, secrets, certificates. */
import { describe, expect, it } from "vitest";

import { SYSTEMS } from "../../../systems";
import { pem } from "./broken/case";
import { DEV, load, PROD, refusal, refusalOf, SAMPLE, SAMPLES, type Values } from "./fixture";

const secret = (bytes: number) => Buffer.alloc(bytes, 7).toString("base64");

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
