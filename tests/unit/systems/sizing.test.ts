/** What must hold between a system's figures: limits, reservations, replicas, probes, and what the stores are tuned to. */
import { describe, expect, test } from "vitest";

import {
    ENVIRONMENTS,
    inEnvironment,
    postgresSettings,
    type PerEnvironment,
    type Probe,
    type Resources,
    type System,
} from "../../../systems/types";
import { EVERY_SYSTEM } from "./fact";

/** Everything that runs in a container: services, stores, the edge. */
function containers(system: System): { name: string; resources: PerEnvironment<Resources> }[] {
    const { postgres, redis, memgraph } = system.stores;
    const stores = Object.entries({ postgres, redis, memgraph }).flatMap(([name, store]) =>
        store ? [{ name, resources: store.resources }] : [],
    );
    return [...system.services, ...stores, { name: "edge", ...system.edge }];
}

function probes(system: System): PerEnvironment<Probe>[] {
    const { postgres, redis, memgraph } = system.stores;
    return [
        ...system.services.flatMap((one) => [one.health, ...(one.readiness ? [one.readiness] : [])]),
        ...[postgres, redis, memgraph].flatMap((one) => (one ? [one.health] : [])),
    ];
}

/** A Postgres size in MiB. */
function mebibytes(setting: string): number {
    const [, amount, unit] = /^(\d+)(MB|GB)$/.exec(setting) ?? [];
    if (!amount) throw new Error(`"${setting}" is no size in MB or GB.`);
    return Number(amount) * (unit === "GB" ? 1024 : 1);
}

describe.each(EVERY_SYSTEM)("$name", ({ system }) => {
    const { postgres, redis, memgraph } = system.stores;

    test("reservations are at most limits, and dev's limits fit any machine", () => {
        for (const { name, resources } of containers(system)) {
            for (const environment of ENVIRONMENTS) {
                const one = inEnvironment(resources, environment);
                expect(one.cpuReservation, `${name} in ${environment}`).toBeLessThanOrEqual(one.cpuLimit);
                expect(one.memoryReservationMiB, `${name} in ${environment}`).toBeLessThanOrEqual(one.memoryLimitMiB);
                expect(one.cpuReservation).toBeGreaterThan(0);
                expect(one.memoryReservationMiB).toBeGreaterThan(0);
            }
            const dev = inEnvironment(resources, "dev");
            expect(dev.cpuLimit, name).toBeLessThanOrEqual(1);
            expect(dev.memoryLimitMiB, name).toBeGreaterThanOrEqual(256);
            expect(dev.memoryLimitMiB, name).toBeLessThanOrEqual(1024);
        }
    });

    test("replicas stay within what the document allows, and one is enough for dev", () => {
        for (const service of system.services) {
            expect(inEnvironment(service.replicas, "dev"), service.name).toBe(1);
            for (const environment of ENVIRONMENTS) {
                expect(inEnvironment(service.replicas, environment)).toBeLessThanOrEqual(service.maxReplicas);
            }
        }
    });

    test("limits outside of dev stay within the document's range", () => {
        const scaled = [...system.services, ...[postgres, redis, memgraph].flatMap((one) => (one ? [one] : []))];
        for (const { resources, scaling } of scaled) {
            for (const environment of ["staging", "prod"] as const) {
                const { cpuLimit, memoryLimitMiB } = inEnvironment(resources, environment);
                const [cpuFrom, cpuTo] = scaling?.cpu ?? [0, Infinity];
                const [memoryFrom, memoryTo] = scaling?.memoryMiB ?? [0, Infinity];
                expect(cpuLimit >= cpuFrom && cpuLimit <= cpuTo).toBe(true);
                expect(memoryLimitMiB >= memoryFrom && memoryLimitMiB <= memoryTo).toBe(true);
            }
        }
    });

    test("a probe ends before the next begins, and dev hears of health within half a minute of it", () => {
        for (const one of probes(system)) {
            for (const environment of ENVIRONMENTS) {
                const { intervalSeconds, timeoutSeconds, retries } = inEnvironment(one, environment);
                expect(timeoutSeconds).toBeLessThanOrEqual(intervalSeconds);
                expect(retries).toBeGreaterThan(0);
            }
            expect(inEnvironment(one, "dev").intervalSeconds).toBe(2);
        }
    });

    if (postgres) {
        test("Postgres's memory fits its container, its shared memory a maintenance, in every environment", () => {
            for (const environment of ENVIRONMENTS) {
                const settings = postgresSettings(postgres, environment);
                const limit = inEnvironment(postgres.resources, environment).memoryLimitMiB;
                expect(mebibytes(settings["shared_buffers"]!)).toBeLessThanOrEqual(limit / 2);
                expect(mebibytes(settings["effective_cache_size"]!)).toBeLessThanOrEqual(limit);
                expect(postgres.shmMiB).toBeGreaterThanOrEqual(mebibytes(settings["maintenance_work_mem"]!));
            }
        });
    }

    if (redis) {
        test("Redis leaves room above maxmemory for a snapshot's fork", () => {
            for (const environment of ENVIRONMENTS) {
                const limit = inEnvironment(redis.resources, environment).memoryLimitMiB;
                expect(redis.maxMemoryMiB * 1.5).toBeLessThanOrEqual(limit);
            }
        });
    }

    if (memgraph) {
        test("Memgraph's own limit is below its container's", () => {
            for (const environment of ENVIRONMENTS) {
                const limit = inEnvironment(memgraph.resources, environment).memoryLimitMiB;
                expect(inEnvironment(memgraph.memoryLimitMiB, environment)).toBeLessThan(limit);
            }
        });
    }
});
