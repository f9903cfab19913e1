/** Systems whose stores somebody else runs. */
import { describe, expect, test } from "vitest";

import { resolveSecrets } from "../../../components/settings/secrets";
import { systemOf } from "../../../systems";
import { storeAddresses, type StoreChoices } from "../../../systems/external";
import { imageKeys, type System } from "../../../systems/types";

const POSTGRES: StoreChoices["postgres"] = {
    mode: "external",
    host: "db.example.com",
    port: 6543,
    user: "tenant",
    database: "tenant-db",
    tls: "verify-full",
    addresses: ["10.0.12.0/24"],
};
const REDIS: StoreChoices["redis"] = { mode: "external", host: "2001:db8::7", port: 6380, tls: true, addresses: [] };

function template(system: System, name: string): string | undefined {
    const shape = resolveSecrets(system).find((secret) => secret.name === name)?.shape;
    return shape?.kind === "derived" ? shape.template : undefined;
}

describe("debt-os on external stores", () => {
    const own = systemOf("debt-os");
    const system = systemOf("debt-os", undefined, { postgres: POSTGRES, redis: REDIS });

    test("has connection strings that lead there, encrypted, and verified where it can be said", () => {
        expect(template(system, "DATABASE_URL")).toBe(
            "postgresql://tenant:{password:postgres}@db.example.com:6543/tenant-db?sslmode=verify-full&sslrootcert=/run/secrets/POSTGRES_CA_CERTIFICATE",
        );
        expect(template(system, "REDIS_URL")).toBe("rediss://:{password:redis}@[2001:db8::7]:6380");
    });

    test("has variables that lead there too", () => {
        const values = ["{host:postgres}:{port:postgres}", "{user:postgres} {database:postgres}", "{host:redis}"];
        expect(values.map((value) => storeAddresses(value, system.stores))).toEqual([
            "db.example.com:6543",
            "tenant tenant-db",
            "2001:db8::7",
        ]);
    });

    test("has no volume of theirs, and every other one", () => {
        const names = (of: System) => of.volumes.map(({ name }) => name);
        expect(names(own).filter((name) => !names(system).includes(name))).toEqual(["postgres-data", "redis-data"]);
    });

    test("has the passwords from their owner, and who vouches for Postgres in each service that uses it", () => {
        const shapes = new Map(system.secrets.map(({ name, shape }) => [name, shape.kind]));
        expect([shapes.get("POSTGRES_PASSWORD"), shapes.get("REDIS_PASSWORD")]).toEqual(["given", "given"]);
        expect(shapes.get("POSTGRES_CA_CERTIFICATE")).toBe("given");
        for (const service of system.services) expect(service.secrets).toContain("POSTGRES_CA_CERTIFICATE");
    });

    test("runs no image of theirs, but the one whose client makes the extensions", () => {
        expect(imageKeys(own).filter((key) => !imageKeys(system).includes(key))).toEqual(["redis-7-alpine"]);
        const bare = { ...own.stores.postgres!, extensions: [] };
        const without = systemOf("opencode-acp", undefined, { postgres: POSTGRES, redis: { mode: "container" } });
        expect(
            imageKeys({
                ...without,
                stores: {
                    postgres: { ...without.stores.postgres!, ...bare, external: without.stores.postgres!.external },
                },
            }),
        ).not.toContain("postgres-pgvector");
    });

    test("lets out to the address itself where the host is one, and to what the stack names where it is a name", () => {
        expect(system.stores.postgres!.external!.addresses).toEqual(["10.0.12.0/24"]);
        expect(system.stores.redis!.external!.addresses).toEqual(["2001:db8::7/128"]);
    });
});

test("a system is as it was where the stack runs its stores, or has no such store", () => {
    const here: StoreChoices = { postgres: { mode: "container" }, redis: { mode: "container" } };
    expect(systemOf("opshub", undefined, here)).toEqual(systemOf("opshub"));
    expect(systemOf("opencode", undefined, { postgres: POSTGRES, redis: REDIS })).toEqual(systemOf("opencode"));
});

test("a placeholder of a store that is not there is an error that quotes it", () => {
    expect(() => storeAddresses("{url:postgres}", systemOf("opencode").stores)).toThrow(
        /"\{url:postgres\}" holds \{url:postgres\}/,
    );
});
