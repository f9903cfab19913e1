import { describe, expect, test } from "vitest";

import { endpoints, tlsSummary } from "../../../components/endpoints";
import type { StackConfig } from "../../../config/types";
import { deployedSystem } from "../../../systems";
import { inEnvironment, SYSTEM_KEYS } from "../../../systems/types";
import { stackConfig, unmade } from "./fixtures";

test("endpoints tell of every workload what status and smoke need", () => {
    const { system, config, workloads, settings } = unmade("debt-os");
    const found = endpoints(system, config, workloads, settings);
    expect(found.urls).toEqual({
        platform: "https://debt-os.localhost:8443",
        api: "https://debt-os.localhost:8443/",
    });
    expect(found.services.api).toEqual({
        component: "backend",
        replicas: 2,
        hosts: ["api-0", "api-1"],
        port: 3001,
        healthPath: "/api/health",
        metricsPath: "/metrics",
        url: "https://debt-os.localhost:8443/",
    });
    expect(found.services.worker).not.toHaveProperty("url");
    expect(found.services.worker?.unrouted).toMatch(/queue/);
});

test("endpoints say between which numbers a service follows the load, where something makes it", () => {
    const { system, config, workloads, settings } = unmade("opshub");
    const apiOn = (target: StackConfig["target"]) =>
        endpoints(system, { ...config, target }, workloads, settings).services.api;
    expect(apiOn("kubernetes")).toMatchObject({ replicas: 3, scaling: { min: 2, max: 10 } });
    expect(apiOn("docker")).toMatchObject({ replicas: 3 });
    expect(apiOn("docker")).not.toHaveProperty("scaling");
});

test.each(SYSTEM_KEYS)(
    "every service of %s has an address or a reason for none, and one alone in prod has a reason",
    (key) => {
        const { system, config, workloads, settings } = unmade(key);
        const { services } = endpoints(system, config, workloads, settings);
        for (const { name, replicas } of system.services) {
            const { url, unrouted, single } = services[name]!;
            expect([url, unrouted].filter((said) => said !== undefined)).toHaveLength(1);
            expect(single !== undefined, name).toBe(inEnvironment(replicas, "prod") === 1);
        }
    },
);

describe("how a stack is encrypted", () => {
    const stores: StackConfig["stores"] = {
        postgres: { mode: "external", host: "192.0.2.6", port: 5432, tls: "disable", addresses: [] },
        redis: { mode: "external", host: "192.0.2.7", port: 6380, tls: true, addresses: [] },
    };

    test("is told of its edge, and of the stores that somebody else runs alone", () => {
        const own = stackConfig("debt-os", { tls: { mode: "acme", email: "a@example.com" } });
        expect(tlsSummary(deployedSystem(own), own)).toEqual({ edge: "acme", stores: {} });
        const outside = stackConfig("opencode-acp", { stores: { ...own.stores, postgres: stores.postgres } });
        expect(tlsSummary(deployedSystem(outside), outside)).toEqual({ edge: "internal", stores: { postgres: false } });
        const cache = stackConfig("debt-os", { stores: { ...own.stores, redis: stores.redis } });
        expect(tlsSummary(deployedSystem(cache), cache)).toEqual({ edge: "internal", stores: { redis: true } });
    });

    test("is not the edge's to say where something is in front of it", () => {
        const { kubernetes } = stackConfig("debt-os");
        const edge = { ...kubernetes.edge, via: "ingress" as const };
        const fronted = stackConfig("debt-os", { target: "kubernetes", kubernetes: { ...kubernetes, edge } });
        expect(tlsSummary(deployedSystem(fronted), fronted).edge).toBe("fronted");
    });
});
