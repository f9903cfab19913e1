/** Caddy on the Docker target, and what leads where. Cannot prove: see harness.ts; and that Caddy serves it. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { Caddy, type CaddyArgs } from "../../../components/caddy";
import { endpoints, sites, tlsSummary } from "../../../components/edge";
import { imageReference } from "../../../components/images";
import { resolveService } from "../../../components/resolve";
import type { WorkloadHandle } from "../../../components/spec";
import type { StackConfig } from "../../../config/types";
import { deployedSystem, SYSTEMS } from "../../../systems";
import { inEnvironment, SYSTEM_KEYS, type SystemKey } from "../../../systems/types";
import { dockerTarget, LOGS, RESOURCES, stackConfig, thrown } from "./fixtures";
import { record, secret } from "./harness";

const CONTAINER = "docker:index/container:Container";

function caddy(changes: Partial<CaddyArgs> = {}) {
    const target = dockerTarget();
    target.network({ segment: "edge", isolated: false }, {});
    const volume = { name: "caddy-data", sizeMiB: 100, stateful: true, shared: false };
    return new Caddy("gw-test-caddy", {
        image: "sha256:caddy",
        environment: "prod",
        tls: { mode: "internal" },
        publish: { address: "127.0.0.1", httpPort: 8083, httpsPort: 8443, http3: true },
        sites: [{ host: "app.localhost", routes: [{ upstreams: ["api-0:3001"] }] }],
        maxBodyMiB: 100,
        privatePaths: [],
        accessLog: "/var/log/caddy/access.log",
        mounts: [{ volume, path: "/data" }],
        resources: RESOURCES,
        logs: LOGS,
        target,
        ...changes,
    });
}

describe("Caddy", () => {
    test("publishes HTTP, HTTPS and HTTP/3 on the address that the stack says, and nothing else", async () => {
        const [, recording] = await record(() => caddy());
        const edge = recording.one("gw-test-caddy", CONTAINER);
        expect(edge.inputs.ports).toEqual([
            { internal: 8080, external: 8083, ip: "127.0.0.1", protocol: "tcp" },
            { internal: 8443, external: 8443, ip: "127.0.0.1", protocol: "tcp" },
            { internal: 8443, external: 8443, ip: "127.0.0.1", protocol: "udp" },
        ]);
        expect(edge).toMatchObject({ deleteBeforeReplace: true, inputs: { name: "gw-test-caddy" } });
    });

    test("publishes nothing over UDP without HTTP/3", async () => {
        const publish = { address: "127.0.0.1", httpPort: 8083, httpsPort: 8443, http3: false };
        const [, recording] = await record(() => caddy({ publish }));
        expect(recording.one("gw-test-caddy", CONTAINER).inputs.ports).toEqual([
            { internal: 8080, external: 8083, ip: "127.0.0.1", protocol: "tcp" },
            { internal: 8443, external: 8443, ip: "127.0.0.1", protocol: "tcp" },
        ]);
    });

    test("runs as a user without capabilities but the one that its image's binary carries", async () => {
        const [, recording] = await record(() => caddy());
        expect(recording.one("gw-test-caddy", CONTAINER).inputs).toMatchObject({
            user: "10002:10002",
            capabilities: { adds: ["CAP_NET_BIND_SERVICE"], drops: ["ALL"] },
            securityOpts: ["no-new-privileges:true"],
            readOnly: true,
            command: ["caddy", "run", "--config", "/etc/groundwork/Caddyfile", "--adapter", "caddyfile"],
            healthcheck: {
                tests: ["CMD", "wget", "-q", "-O", "/dev/null", "-T", "2", "http://127.0.0.1:9180/healthz"],
                interval: "10s",
            },
        });
    });

    test("is not touched before its configuration has been validated", async () => {
        const [, recording] = await record(() => caddy());
        expect(recording.one("gw-test-caddy-validate").inputs).toMatchObject({
            command: ["caddy", "validate", "--config", "/etc/groundwork/Caddyfile", "--adapter", "caddyfile"],
            networkMode: "none",
        });
        expect(recording.one("gw-test-caddy", CONTAINER).dependencies).toContain("gw-test-caddy-validate-run");
    });

    test("with another configuration gets another volume for it, so that what runs keeps its own", async () => {
        const label = async (maxBodyMiB: number) => {
            const [, recording] = await record(() => caddy({ maxBodyMiB }));
            const labels = recording.one("gw-test-caddy-etc-groundwork").inputs.labels as {
                label: string;
                value: string;
            }[];
            return labels.find((l) => l.label === "dev.groundwork.files")!.value;
        };
        const first = await label(1);
        expect(first).toMatch(/^Caddyfile@[0-9a-f]{12}$/);
        expect(await label(1)).toBe(first);
        expect(await label(2)).not.toBe(first);
    });

    test("has a given certificate in secret files", async () => {
        const certificate = { certificate: pulumi.secret("PEM canary"), key: pulumi.secret("KEY canary") };
        const [, recording] = await record(() => caddy({ tls: { mode: "certificate" }, certificate }));
        expect(recording.one("gw-test-caddy-run-secrets-files").inputs.uploads).toMatchObject([
            { file: "/run/secrets/TLS_CERTIFICATE", content: secret("PEM canary"), permissions: "0440" },
            { file: "/run/secrets/TLS_PRIVATE_KEY", content: secret("KEY canary"), permissions: "0440" },
        ]);
        expect(recording.plainText()).not.toContain("canary");
    });

    test("says everything that is wrong at once", async () => {
        const [error] = await record(() =>
            thrown(() =>
                caddy({
                    tls: { mode: "certificate" },
                    publish: { address: "0.0.0.0", httpPort: 80, httpsPort: 80, http3: true },
                    sites: [{ host: "app.localhost", routes: [{ paths: ["/x"], upstreams: [] }] }],
                }),
            ),
        );
        expect(error.message).toContain("publish.httpsPort: 80 is the HTTP port too");
        expect(error.message).toContain("needs the secrets TLS_CERTIFICATE and TLS_PRIVATE_KEY");
        expect(error.message).toContain("sites[0].routes[0].upstreams: nobody answers for app.localhost/x");
    });
});

/** What a system's parts would be, without making them. */
function parts(key: SystemKey) {
    const system = SYSTEMS[key];
    const config = stackConfig(key, { environment: "prod" });
    const settings = new Map(system.services.map((s) => [s.name, resolveService(s, system, config)]));
    const workloads = new Map<string, WorkloadHandle>(
        [...settings.values()].map((s) => [
            s.name,
            {
                name: s.name,
                hosts: Array.from({ length: s.replicas }, (_, n) => `${s.name}-${n}`),
                resources: [],
                ids: [],
            },
        ]),
    );
    return { system, config, settings, workloads };
}

describe("sites", () => {
    test("of OpenCode: API and sockets to every backend, the rest to the frontend", () => {
        const { system, config, workloads, settings } = parts("opencode");
        expect(sites(system, config, workloads, settings)).toEqual([
            {
                host: "opencode.localhost",
                routes: [
                    {
                        paths: ["/api/*", "/ws/*"],
                        upstreams: ["backend-0:3000", "backend-1:3000", "backend-2:3000"],
                        health: { path: "/api/health", timeoutSeconds: 10 },
                    },
                    { upstreams: ["frontend-0:5173"], health: { path: "/", timeoutSeconds: 10 } },
                ],
            },
        ]);
    });

    test("ask for readiness where a service tells it apart from life", () => {
        const { system, config, workloads, settings } = parts("debt-os");
        expect(sites(system, config, workloads, settings)[0]!.routes[0]!.health?.path).toBe("/api/health/db");
    });

    test("a route to nobody is an error that names it", () => {
        const { system, config, settings } = parts("debt-os");
        expect(thrown(() => sites(system, config, new Map(), settings)).message).toContain('leads to "api"');
    });
});

test("endpoints tell of every workload what status and smoke need", () => {
    const { system, config, workloads, settings } = parts("debt-os");
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
    const { system, config, workloads, settings } = parts("opshub");
    const apiOn = (target: StackConfig["target"]) =>
        endpoints(system, { ...config, target }, workloads, settings).services.api;
    expect(apiOn("kubernetes")).toMatchObject({ replicas: 3, scaling: { min: 2, max: 10 } });
    expect(apiOn("docker")).toMatchObject({ replicas: 3 });
    expect(apiOn("docker")).not.toHaveProperty("scaling");
});

test.each(SYSTEM_KEYS)(
    "every service of %s has an address or a reason for none, and one alone in prod has a reason",
    (key) => {
        const { system, config, workloads, settings } = parts(key);
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

describe("an image", () => {
    const registry = { source: "registry" as const, overrides: {} };
    const local = (key: string) => `groundwork.local/${key}:tag`;

    test("is the document's", () => {
        expect(imageReference("caddy", registry, local)).toBe("caddy:2.7-alpine");
        expect(imageReference("memgraph", registry, local)).toBe("memgraph/memgraph:2.12");
    });

    test("comes from the mirror, where Docker Hub's own are in library/", () => {
        const mirrored = { ...registry, mirror: "mirror.example.com/proxy" };
        expect(imageReference("caddy", mirrored, local)).toBe("mirror.example.com/proxy/library/caddy:2.7-alpine");
        expect(imageReference("memgraph", mirrored, local)).toBe("mirror.example.com/proxy/memgraph/memgraph:2.12");
    });

    test("is the stand-in where the stack says local, and the stack's own before all", () => {
        const images = { source: "local" as const, mirror: "m", overrides: { caddy: "mine/caddy:1" } };
        expect(imageReference("redis-7", images, local)).toBe("groundwork.local/redis-7:tag");
        expect(imageReference("caddy", images, local)).toBe("mine/caddy:1");
    });

    test("that is in no catalog is an error that lists those that are", () => {
        expect(thrown(() => imageReference("nginx", registry, local)).message).toMatch(
            /no image "nginx".*it has caddy, /,
        );
    });
});
