/** Whole systems on the Kubernetes target. Cannot prove: see components/harness.ts. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { Platform } from "../../../../components/platform";
import type { StackConfig } from "../../../../config/types";
import { SYSTEMS } from "../../../../systems";
import { type Environment, SYSTEM_KEYS, type SystemKey } from "../../../../systems/types";
import { KubernetesTarget } from "../../../../targets/kubernetes";
import { allGiven, stackConfig } from "../../components/fixtures";
import { type Recording, record } from "../../components/harness";
import { TYPES } from "./fixtures";

async function platform(key: SystemKey, changes: Partial<StackConfig> = {}): Promise<[Platform, Recording]> {
    const given = allGiven(key);
    const config = stackConfig(key, { target: "kubernetes", ...changes, givenSecrets: Object.keys(given) });
    const { environment, protect } = config;
    const identity = { stack: "test", system: key, environment, version: "1.2.3", prefix: "gw-test" };
    return record(
        () =>
            new Platform("gw-test", {
                system: SYSTEMS[key],
                config,
                target: new KubernetesTarget(identity, { ...config.kubernetes, protect }),
                givenSecrets: pulumi.secret(given),
                localImageRef: (name) => name,
            }),
    );
}

interface PodSpec {
    automountServiceAccountToken: boolean;
    securityContext: Record<string, unknown>;
    containers: {
        securityContext: { capabilities: { drop: string[]; add?: string[] } } & Record<string, unknown>;
        resources: Record<"requests" | "limits", Record<string, string>>;
        startupProbe?: unknown;
        readinessProbe?: unknown;
        livenessProbe?: unknown;
    }[];
}

function podSpecs(recording: Recording, types: string[]): [string, PodSpec][] {
    return types
        .flatMap((type) => recording.ofType(type))
        .map(({ name, inputs }) => [name, (inputs as { spec: { template: { spec: PodSpec } } }).spec.template.spec]);
}

const CONTROLLERS = [TYPES.deployment, TYPES.statefulSet];

/** By kind, how many of each a system is in dev. Everything else follows from these or is in the other tests. */
const COUNTS: Record<SystemKey, [deployments: number, statefulSets: number, jobs: number, claims: number]> = {
    opencode: [3, 1, 2, 7],
    "opencode-acp": [2, 1, 2, 7],
    "debt-os": [3, 2, 3, 6],
    "project-manager": [3, 1, 2, 6],
    opshub: [5, 2, 5, 5],
};

describe.each(SYSTEM_KEYS)("%s", (key) => {
    test("is so many controllers, jobs and claims", async () => {
        const [, recording] = await platform(key);
        const counts = recording.counts();
        const [deployments, statefulSets, jobs, claims] = COUNTS[key];
        expect(counts).toMatchObject({
            [TYPES.deployment]: deployments,
            [TYPES.statefulSet]: statefulSets,
            [TYPES.job]: jobs,
            [TYPES.claim]: claims,
            [TYPES.serviceAccount]: deployments + statefulSets + jobs,
            [TYPES.quota]: 1,
            [TYPES.limits]: 1,
            [TYPES.priority]: 2,
            [TYPES.namespace]: 1,
        });
        expect(counts).not.toHaveProperty("docker:index/container:Container");
        expect(counts).not.toHaveProperty("command:local:Command");
    });

    test("has no pod that the restricted level would refuse, or that has no limits", async () => {
        const [, recording] = await platform(key);
        for (const [name, pod] of podSpecs(recording, [...CONTROLLERS, TYPES.job])) {
            expect(pod, name).toMatchObject({
                automountServiceAccountToken: false,
                securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            });
            for (const { securityContext, resources } of pod.containers) {
                expect(securityContext, name).toMatchObject({
                    allowPrivilegeEscalation: false,
                    privileged: false,
                    readOnlyRootFilesystem: true,
                    runAsNonRoot: true,
                    capabilities: { drop: ["ALL"] },
                });
                const added = securityContext.capabilities.add ?? [];
                expect(added.filter((capability) => capability !== "NET_BIND_SERVICE")).toEqual([]);
                for (const kind of ["requests", "limits"] as const) {
                    expect(Object.keys(resources[kind]).sort(), name).toEqual(["cpu", "ephemeral-storage", "memory"]);
                }
            }
        }
    });

    test("asks of each workload whether it has started, is ready, is alive, each in its own way", async () => {
        const [, recording] = await platform(key, { environment: "prod" });
        for (const [name, pod] of podSpecs(recording, CONTROLLERS)) {
            const [{ startupProbe, readinessProbe, livenessProbe }] = pod.containers as [PodSpec["containers"][0]];
            const asked = new Set([startupProbe, readinessProbe, livenessProbe].map((probe) => JSON.stringify(probe)));
            expect(asked.size, name).toBe(3);
        }
    });

    test("has no secret in plain text", async () => {
        const [, recording] = await platform(key);
        const text = recording.plainText();
        for (const [name, value] of Object.entries(allGiven(key))) {
            expect(text, name).not.toContain(value);
            expect(text, name).not.toContain(Buffer.from(value).toString("base64"));
        }
        expect(text).not.toContain("password of");
    });
});

test.each<[Environment, number]>([
    ["dev", 0],
    ["staging", 1],
    ["prod", 1],
])("OpsHub's API follows the load in %s: %i autoscaler", async (environment, count) => {
    const [, recording] = await platform("opshub", { environment });
    expect(recording.ofType(TYPES.autoscaler)).toHaveLength(count);
});

test("OpsHub's API stays at the number that the stack says", async () => {
    const [, recording] = await platform("opshub", { environment: "prod", services: { api: { replicas: 5 } } });
    expect(recording.ofType(TYPES.autoscaler)).toEqual([]);
    expect(recording.one("api", TYPES.deployment).inputs).toMatchObject({ spec: { replicas: 5 } });
});

test("Project Manager's backend is started anew for itself alone, and is ready with its database", async () => {
    const [, recording] = await platform("project-manager", { environment: "prod" });
    const pods = new Map(podSpecs(recording, [TYPES.deployment]));
    const [container] = pods.get("backend")!.containers;
    const listens = { tcpSocket: { port: 8000 }, timeoutSeconds: 10 };
    expect(container).toMatchObject({
        startupProbe: { ...listens, periodSeconds: 1, failureThreshold: 120 },
        readinessProbe: { httpGet: { path: "/health", port: 8000, scheme: "HTTP" }, periodSeconds: 5 },
        livenessProbe: { ...listens, periodSeconds: 30, failureThreshold: 3 },
    });
    expect(container).not.toHaveProperty("livenessProbe.httpGet");
    expect(container).not.toHaveProperty("startupProbe.httpGet");
});

test("the edge finds OpenCode's three backends by their name, and sends each request to the least busy", async () => {
    const [, recording] = await platform("opencode", { environment: "prod" });
    expect(recording.one("backend", TYPES.deployment).inputs).toMatchObject({ spec: { replicas: 3 } });
    const { data } = recording.one("caddy-files").inputs as { data: { Caddyfile: string } };
    expect(data.Caddyfile).toContain(`reverse_proxy {
				dynamic a backend-headless 3000 {
					refresh 1s
				}
				lb_policy least_conn
`);
    expect(data.Caddyfile).not.toContain("health_uri");
});

test("its outputs say where each workload is inside, and how many there are", async () => {
    const [platformOf] = await platform("debt-os", { environment: "prod" });
    expect(platformOf.services.api).toMatchObject({ hosts: ["api-headless"], replicas: 2 });
    expect(platformOf.services.postgres).toMatchObject({ hosts: ["postgres"], replicas: 1 });
});

test("migrations run when the stores are ready and before the services change", async () => {
    const [, recording] = await platform("debt-os");
    expect(recording.one("api-migrate", TYPES.job).dependencies).toEqual(
        expect.arrayContaining(["postgres", "redis", "postgres-extensions"]),
    );
    expect(recording.one("api", TYPES.deployment).dependencies).toContain("api-migrate");
});
