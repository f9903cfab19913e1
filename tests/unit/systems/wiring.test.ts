/** What must hold between the parts of every system, whatever its document says: names, volumes, secrets, routes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { CATALOG } from "../../../images/catalog";
import { SYSTEMS, systemOf } from "../../../systems";
import { storeAddresses } from "../../../systems/external";
import { ENVIRONMENTS, inEnvironment, SYSTEM_KEYS } from "../../../systems/types";
import { EVERY_SYSTEM } from "./fact";

test("every key has its system, under its own name", () => {
    for (const key of SYSTEM_KEYS) expect(systemOf(key).key).toBe(key);
});

test("the Makefile knows every system", () => {
    const makefile = readFileSync(join(__dirname, "../../../Makefile"), "utf8");
    expect(/^SYSTEMS := (.*)$/m.exec(makefile)?.[1]?.split(" ")).toEqual([...SYSTEM_KEYS]);
});

test("no two systems share a dev port", () => {
    const ports = Object.values(SYSTEMS).flatMap((one) => [one.edge.devHttpPort, one.edge.devHttpsPort]);
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports.sort()).toEqual([8081, 8082, 8083, 8084, 8085, 8441, 8442, 8443, 8444, 8445]);
});

describe.each(EVERY_SYSTEM)("$name", ({ system }) => {
    const { postgres, redis, memgraph, sqlite } = system.stores;
    const volumes = system.volumes.map((one) => one.name);
    const secrets = system.secrets.map((one) => one.name);
    const services = system.services.map((one) => one.name);
    const storeNames = Object.keys(system.stores);

    test("names are unique and fit for DNS and variables", () => {
        for (const names of [volumes, secrets, services, system.alerts.map((one) => one.name)]) {
            expect(new Set(names).size).toBe(names.length);
        }
        for (const name of [...volumes, ...services]) expect(name).toMatch(/^[a-z][a-z0-9-]{0,30}$/);
        for (const name of secrets) expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
    });

    test("every mount's volume exists, and every volume is mounted", () => {
        const mounted = [
            ...system.services.flatMap((one) => one.mounts.map((mount) => mount.volume)),
            ...system.edge.mounts.map((mount) => mount.volume),
            ...[postgres, redis, memgraph].flatMap((one) => (one ? [one.volume] : [])),
            ...(memgraph ? [memgraph.logVolume] : []),
            ...(postgres?.replicaVolume ? [postgres.replicaVolume] : []),
        ];
        expect([...new Set(mounted)].sort()).toEqual([...volumes].sort());
    });

    test("a volume that several replicas mount is shared", () => {
        for (const service of system.services.filter((one) => one.maxReplicas > 1)) {
            for (const { volume } of service.mounts) {
                expect(
                    system.volumes.find((one) => one.name === volume),
                    `${service.name} mounts ${volume}`,
                ).toMatchObject({ shared: true });
            }
        }
    });

    if (sqlite) {
        test("SQLite is on a volume of its service", () => {
            const service = system.services.find((one) => one.name === sqlite.service);
            const mount = service?.mounts.find((one) => one.volume === sqlite.volume);
            expect(mount).toBeDefined();
            expect(sqlite.path.startsWith(`${mount!.path}/`)).toBe(true);
        });

        test("SQLite's write-ahead log has all who use it on one machine", () => {
            expect(system.volumes.filter((one) => one.oneHost).map(({ name }) => name)).toEqual([sqlite.volume]);
        });
    }

    test("every secret named exists, every secret is used, none is a plain variable", () => {
        const used = new Set(system.services.flatMap((one) => one.secrets));
        for (const name of used) expect(secrets).toContain(name);
        if (postgres) used.add("POSTGRES_PASSWORD");
        if (postgres?.replicaVolume) used.add("REPLICATION_PASSWORD");
        for (const one of system.migrations) Object.values(one.secrets ?? {}).forEach((name) => used.add(name));
        if (redis) used.add("REDIS_PASSWORD");
        expect([...used].sort()).toEqual([...secrets].sort());
        for (const variable of system.services.flatMap((one) => one.env)) {
            expect(secrets).not.toContain(variable.name);
            expect(variable.name).not.toMatch(/(PASSWORD|SECRET|TOKEN|API_KEY|DSN)$/);
        }
    });

    test("derived secrets take passwords of stores that exist", () => {
        for (const { shape, name } of system.secrets) {
            if (shape.kind !== "derived") continue;
            const template = storeAddresses(shape.template, system.stores);
            const stores = [...template.matchAll(/\{([^}]*)\}/g)].map((match) => match[1]);
            expect(stores.length, name).toBeGreaterThan(0);
            for (const store of stores) expect(storeNames.map((one) => `password:${one}`)).toContain(store);
        }
    });

    test("connection strings ask for TLS where Postgres requires it, and nowhere else", () => {
        for (const { shape, name } of system.secrets) {
            if (shape.kind !== "derived") continue;
            const template = storeAddresses(shape.template, system.stores);
            if (!template.startsWith("postgresql://")) continue;
            expect(new URL(template).searchParams.get("sslmode"), name).toBe(postgres?.tls ?? null);
        }
    });

    test("alternatives of secrets exist and are mutual", () => {
        for (const secret of system.secrets) {
            for (const name of secret.alternatives ?? []) {
                expect(system.secrets.find((one) => one.name === name)?.alternatives).toContain(secret.name);
            }
        }
    });

    test("variables are named once, and their placeholders are known", () => {
        for (const service of system.services) {
            const names = service.env.map((one) => one.name);
            expect(new Set(names).size, service.name).toBe(names.length);
            for (const { name, value } of service.env) {
                for (const environment of ENVIRONMENTS) {
                    const text = value ? storeAddresses(inEnvironment(value, environment), system.stores) : "";
                    const unknown = text.match(/\{[^}]*\}/g)?.filter((one) => !/^\{(domain|url|apiUrl)\}$/.test(one));
                    expect(unknown ?? [], `${service.name}: ${name}`).toEqual([]);
                }
            }
        }
    });

    test("a required variable has a value in every environment", () => {
        for (const variable of system.services.flatMap((one) => one.env)) {
            if (variable.required) expect(variable.value, variable.name).toBeDefined();
        }
    });

    test("PORT says where the service listens, and its probes ask there", () => {
        for (const service of system.services) {
            const port = service.env.find((one) => one.name === "PORT");
            for (const environment of ENVIRONMENTS) {
                expect(port?.value && inEnvironment(port.value, environment)).toBe(String(service.port));
                const health = inEnvironment(service.health, environment);
                expect(health.kind === "http" && health.port).toBe(service.port);
            }
        }
    });

    test("dependencies exist and go in no circle", () => {
        const done: string[] = [...storeNames];
        let waiting = system.services;
        for (const { name, dependsOn } of waiting) {
            for (const one of dependsOn) expect([...services, ...storeNames], `${name} needs ${one}`).toContain(one);
        }
        while (waiting.length > 0) {
            const ready = waiting.filter((one) => one.dependsOn.every((name) => done.includes(name)));
            expect(ready.length, `${waiting.map((one) => one.name).join(", ")} wait for each other`).toBeGreaterThan(0);
            done.push(...ready.map((one) => one.name));
            waiting = waiting.filter((one) => !ready.includes(one));
        }
    });

    test("alerts that are taken over from OpenCode are OpenCode's", () => {
        for (const { source, summary: _, ...alert } of system.alerts) {
            if (!source.startsWith("Taken over from OpenCode")) continue;
            const original = SYSTEMS.opencode.alerts.find((one) => one.name === alert.name);
            expect(original).toMatchObject(alert);
        }
    });

    test("stores run as their image's user, services as the sample image's", () => {
        const users: Record<string, string> = {
            "postgres-15": "999:999",
            "postgres-pgvector": "999:999",
            "redis-7": "999:999",
            "redis-7-alpine": "999:1000",
            memgraph: "101:103",
            pgbouncer: "998:996",
        };
        for (const store of [postgres, postgres?.pooler, redis, memgraph]) {
            if (store) expect(store.runAs, store.image).toBe(users[store.image]);
        }
        for (const { name, user } of system.services) expect(user, name).toBe("10001:10001");
    });

    test("processes run as a numeric user that is not root", () => {
        const users = [
            ...system.services.map((one) => one.user),
            ...[postgres, postgres?.pooler, redis, memgraph].flatMap((one) => (one ? [one.runAs] : [])),
        ];
        for (const user of users) expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    });

    test("every image is in the catalog", () => {
        const stores = [postgres, postgres?.pooler, redis, memgraph].flatMap((one) => (one ? [one] : []));
        for (const { image } of [...system.services, ...stores, system.edge]) {
            expect(Object.keys(CATALOG)).toContain(image);
        }
    });

    test("a migration is given another secret only for one that its service has", () => {
        for (const { service: name, secrets: given = {} } of system.migrations) {
            const own = system.services.find((one) => one.name === name)!.secrets;
            for (const secret of Object.keys(given)) expect(own, name).toContain(secret);
        }
    });

    test("routes, migrations and smoke checks name services with a port", () => {
        const named = [
            ...system.edge.routes.map((one) => one.service),
            ...system.migrations.map((one) => one.service),
            system.smoke.health.service,
            ...system.smoke.deep.map((one) => one.service),
        ];
        for (const name of named) expect(system.services.find((one) => one.name === name)?.port, name).toBeDefined();
    });

    test("workers are on no route, every other service is on one", () => {
        const routed = new Set(system.edge.routes.map((one) => one.service));
        for (const service of system.services) expect(routed.has(service.name)).toBe(service.role !== "worker");
    });

    test("smoke checks from outside reach the service that they ask", () => {
        for (const { service, path } of [system.smoke.health, ...system.smoke.deep]) {
            const own = system.edge.routes.find((one) => one.service === service && one.subdomain !== undefined);
            const first =
                own ??
                system.edge.routes.find(
                    ({ subdomain, paths }) =>
                        subdomain === undefined &&
                        (paths === undefined || paths.some((one) => path === one || matches(one, path))),
                );
            expect(first?.service, path).toBe(service);
        }
    });

    test("texts for users are there", () => {
        for (const text of [system.title, system.document, system.summary, ...system.notes]) {
            expect(text.length).toBeGreaterThan(5);
        }
        for (const one of system.services.flatMap((service) => service.env)) expect(one.description).not.toBe("");
    });
});

/** Caddy's path matcher: a trailing `*` stands for anything. */
function matches(pattern: string, path: string): boolean {
    return pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1));
}
