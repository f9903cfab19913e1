/**
 * Whole platforms on the Docker target. Cannot prove: see harness.ts; and that a platform comes up, which the end-to-end tests do on a
 * Docker engine.
 */
import { beforeAll, describe, expect, test } from "vitest";

import { SYSTEMS } from "../../../systems";
import { SYSTEM_KEYS, type SystemKey } from "../../../systems/types";
import { allGiven, platform, stackConfig, thrown } from "./fixtures";
import { record, type Recording, type Registration } from "./harness";

const CONTAINER = "docker:index/container:Container";

interface ContainerInputs {
    restart: string;
    start: boolean;
    ports?: { ip: string }[];
    networksAdvanced: { name: string }[];
    labels: { label: string; value: string }[];
    mounts: { target: string; readOnly: boolean }[];
}

function inputs(container: Registration): ContainerInputs {
    return container.inputs as unknown as ContainerInputs;
}

/** Containers that stay, without jobs and fillers. */
function running(recording: Recording): Registration[] {
    return recording.ofType(CONTAINER).filter((c) => inputs(c).start);
}

describe.each(SYSTEM_KEYS)("%s in prod", (key: SystemKey) => {
    const system = SYSTEMS[key];
    let recording: Recording;

    beforeAll(async () => {
        const config = stackConfig(key, { environment: "prod", domain: "example.com" });
        [, recording] = await record(() => platform(config, { given: allGiven(key) }));
    });

    test("runs every replica of every service, every store, and the edge", () => {
        const stores = ["postgres", "redis", "memgraph"].filter((s) => s in system.stores);
        const { postgres } = system.stores;
        if ((postgres?.readReplicas.prod ?? 0) > 0) stores.push("postgres-replica");
        for (let n = 0; n < (postgres?.pooler?.replicas.prod ?? 0); n++) stores.push(`pgbouncer-${n}`);
        const replicas = system.services.flatMap((s) =>
            Array.from({ length: s.replicas.prod ?? s.replicas.default }, (_, n) => `gw-test-${s.name}-${n}`),
        );
        expect(
            running(recording)
                .map((c) => c.name)
                .sort(),
        ).toEqual([...stores.map((s) => `gw-test-${s}`), ...replicas, "gw-test-caddy"].sort());
    });

    test("hardens every container", () => {
        for (const container of recording.ofType(CONTAINER)) {
            expect(container.inputs, container.name).toMatchObject({
                capabilities: { drops: ["ALL"] },
                securityOpts: ["no-new-privileges:true"],
                privileged: false,
                ipcMode: "private",
                logDriver: "json-file",
                logOpts: { "max-file": expect.stringMatching(/^\d+$/), "max-size": expect.stringMatching(/^\d+m$/) },
                memory: expect.any(Number),
                cpus: expect.any(String),
                healthcheck: { tests: expect.any(Array) },
            });
            expect(container.inputs.memorySwap, container.name).toBe(container.inputs.memory);
            const labels = inputs(container).labels.map((l) => l.label.replace("dev.groundwork.", ""));
            expect(labels, container.name).toEqual(
                expect.arrayContaining(["stack", "system", "environment", "component"]),
            );
        }
        for (const container of running(recording)) {
            expect(container.inputs, container.name).toMatchObject({
                readOnly: true,
                restart: "unless-stopped",
                wait: true,
            });
            expect(container.inputs.user, container.name).toMatch(/^[1-9]\d*:\d+$/);
        }
    });

    test("publishes ports on the edge alone", () => {
        const publishing = recording.ofType(CONTAINER).filter((c) => (inputs(c).ports ?? []).length > 0);
        expect(publishing.map((c) => c.name)).toEqual(["gw-test-caddy"]);
    });

    test("keeps the stores on the isolated network alone, and the edge off it", () => {
        for (const network of recording.ofType("docker:index/network:Network")) {
            const isolated = network.name === "gw-test-data";
            expect(network.inputs, network.name).toMatchObject({
                name: network.name,
                internal: isolated,
                options: isolated ? { "com.docker.network.bridge.inhibit_ipv4": "true" } : {},
            });
        }
        const networks = (name: string) => inputs(recording.one(name, CONTAINER)).networksAdvanced.map((n) => n.name);
        for (const store of ["postgres", "redis", "memgraph"].filter((s) => s in system.stores)) {
            expect(networks(`gw-test-${store}`)).toEqual(["gw-test-data-id"]);
        }
        expect(networks("gw-test-caddy")).toEqual(["gw-test-edge-id"]);
    });

    test("holds no secret in plain text", () => {
        const text = recording.plainText();
        expect(text).not.toMatch(/password of|bytes of|given [A-Z]/);
    });

    test("protects what holds data and what opens it, and nothing else", () => {
        const kept = recording.all.filter((r) => r.protect && r.retainOnDelete).map((r) => r.name);
        const stateful = system.volumes.filter((v) => v.stateful).map((v) => `gw-test-${v.name}`);
        const generated = system.secrets
            .filter((s) => s.shape.kind === "base64" || s.shape.kind === "alphanumeric")
            .map((s) => `gw-test-secrets-${s.name.toLowerCase().replaceAll("_", "-")}`);
        expect(kept.sort()).toEqual([...stateful, ...generated].sort());
        expect(recording.all.filter((r) => r.protect !== r.retainOnDelete)).toEqual([]);
    });

    test("migrates after the stores are ready and before a backend changes", () => {
        const jobs = system.migrations.map(({ name, service }) => recording.one(`gw-test-${service}-${name}`));
        const stores = ["postgres", "redis", "memgraph"].filter((s) => s in system.stores);
        jobs.forEach((job, index) => {
            const before = index === 0 ? stores.map((s) => `gw-test-${s}`) : [`${jobs[index - 1]!.name}-run`];
            expect(job.dependencies).toEqual(expect.arrayContaining(before));
        });
        const last = jobs.at(-1);
        for (const waiting of system.services.filter((s) => s.role !== "frontend" && last)) {
            expect(recording.one(`gw-test-${waiting.name}-0`).dependencies).toContain(`${last!.name}-run`);
        }
    });

    test("names no resource twice, and every one after the stack", () => {
        const names = recording.all.map((r) => `${r.type} ${r.name}`);
        expect(new Set(names).size).toBe(names.length);
        for (const { type, name } of recording.all) {
            expect(name, type).toMatch(type === "pulumi:providers:docker" ? /^docker$/ : /^gw-test/);
        }
    });

    test("makes everything a part of the platform, on the stack's own provider", () => {
        const roots = recording.all.filter((r) => r.parent === undefined).map((r) => r.name);
        expect(roots.sort()).toEqual(["docker", "gw-test"]);
    });
});

test("one image resource for each reference, whichever services run it", async () => {
    const overrides = { "debt-os-api": "example.com/app:1", "debt-os-worker": "example.com/app:1" };
    const config = stackConfig("debt-os", { images: { source: "registry", overrides } });
    const [, recording] = await record(() => platform(config));
    const names = recording.ofType("docker:index/remoteImage:RemoteImage").map((i) => i.inputs.name as string);
    expect(names.sort()).toEqual(["caddy:2.7-alpine", "example.com/app:1", "pgvector/pgvector:pg16", "redis:7-alpine"]);
    expect(recording.one("gw-test-worker-0").inputs.image).toBe(recording.one("gw-test-api-0").inputs.image);
});

test("dev is neither protected nor kept", async () => {
    const [, recording] = await record(() => platform(stackConfig("debt-os")));
    expect(recording.all.filter((r) => r.protect || r.retainOnDelete)).toEqual([]);
});

test("a required variable that nobody sets stops it before anything is made", async () => {
    const system = {
        ...SYSTEMS["debt-os"],
        services: SYSTEMS["debt-os"].services.map((service) => ({
            ...service,
            env: [...service.env, { name: "NEEDED", required: true, description: "" }],
        })),
    };
    const [error, recording] = await record(() => thrown(() => platform(stackConfig("debt-os"), { system })));
    expect(error.message).toContain("services.api.env.NEEDED: it is required");
    expect(error.message).toContain("services.worker.env.NEEDED: it is required");
    expect(recording.counts()).toEqual({ "groundwork:platform:Platform": 1, "pulumi:providers:docker": 1 });
});

test("outputs say where it is", async () => {
    const [made] = await record(() => platform(stackConfig("opencode", { domain: "code.localhost" })));
    expect(made.urls).toMatchObject({ platform: "https://code.localhost:8443" });
    expect(Object.keys(made.services)).toEqual(["backend", "caddy", "frontend", "memgraph"]);
});
