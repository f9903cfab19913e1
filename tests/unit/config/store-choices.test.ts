/** Stores that somebody else runs, as a stack file says it. */
import { describe, expect, it } from "vitest";

import { SYSTEMS } from "../../../systems";
import { WITHOUT_TLS } from "./broken/stores";
import { without } from "./broken/case";
import { load, PROD, refusalOf } from "./fixture";

describe("secrets in a store of External Secrets", () => {
    it("need not be in the stack file, those of an external Postgres neither", () => {
        const config = load({
            ...without(PROD, "secrets"),
            target: "kubernetes",
            kubernetes: { externalSecrets: { store: { name: "vault" }, include: ["API_KEY"] } },
            stores: { postgres: { mode: "external", host: "192.0.2.7" } },
        });
        expect(config.kubernetes.externalSecrets).toEqual({
            store: { name: "vault", kind: "ClusterSecretStore" },
            remoteKey: "debt-os/prod/{name}",
            remoteProperty: undefined,
            include: ["API_KEY"],
            refreshPolicy: "Periodic",
            refreshInterval: "1h",
        });
    });
});

describe("an external store", () => {
    it("is at its usual port, verified, with the system's role and database, unless the stack says otherwise", () => {
        const config = load({
            ...WITHOUT_TLS,
            stores: {
                postgres: { mode: "external", host: "db.example.com", tls: "require" },
                redis: { mode: "external", host: "192.0.2.7" },
            },
            secrets: { POSTGRES_PASSWORD: "p", REDIS_PASSWORD: "any text, of the owner's making" },
        });
        expect(config.stores).toEqual({
            postgres: { mode: "external", host: "db.example.com", port: 5432, tls: "require", addresses: [] },
            redis: { mode: "external", host: "192.0.2.7", port: 6379, tls: true, addresses: [] },
        });
        expect(config.givenSecrets).toEqual(["POSTGRES_PASSWORD", "REDIS_PASSWORD"]);
    });

    it("may be without TLS where the document asks for none, and nowhere else", () => {
        expect(load(WITHOUT_TLS).stores.postgres).toMatchObject({ tls: "disable" });
        const { problems } = refusalOf(() => load(WITHOUT_TLS, undefined, SYSTEMS));
        expect(problems).toMatchObject([
            {
                key: "groundwork:stores.postgres.tls",
                value: '"disable"',
                rule: "must be require or verify-full: the document of debt-os asks for encrypted connections",
            },
        ]);
    });
});

describe("a Postgres that CloudNativePG runs", () => {
    const operated = (said: object) =>
        load({
            ...PROD,
            target: "kubernetes",
            stores: { postgres: { mode: "operator", apiServer: ["10.0.0.10/32"], ...said } },
        }).stores.postgres;

    it("has as many servers as the document asks for, and its operator in cnpg-system, unless the stack says otherwise", () => {
        expect(operated({})).toEqual({
            mode: "operator",
            instances: undefined,
            apiServer: ["10.0.0.10/32"],
            operatorNamespace: "cnpg-system",
        });
        expect(operated({ instances: 3, operatorNamespace: "postgres" })).toMatchObject({
            instances: 3,
            operatorNamespace: "postgres",
        });
    });

    it("may have an image of the stack's own, with stand-ins for the rest", () => {
        const config = load({
            ...PROD,
            target: "kubernetes",
            stores: { postgres: { mode: "operator", apiServer: ["10.0.0.10/32"] } },
            images: {
                source: "local",
                overrides: { "cloudnative-pg-15": `registry.example.com/postgresql:15.14-2@sha256:${"0".repeat(64)}` },
            },
        });
        expect(config.images.source).toBe("local");
    });
});
