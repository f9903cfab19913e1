/**
 * The stack files of this repository, for every system in every environment, as `gw` and the program read them: each is valid but for what
 * only its owner knows, and differs from the others where it should. Cannot prove: see components/harness.ts.
 */
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

import { Platform } from "../../components/platform";
import { loadStackConfig } from "../../config/load";
import type { StackConfig } from "../../config/types";
import { readStack } from "../../packages/cli/src/stack/config";
import { deployedSystem, SYSTEMS } from "../../systems";
import { BUCKET_KEYS } from "../../systems/backup";
import { type Environment, ENVIRONMENTS, SYSTEM_KEYS, type SystemKey } from "../../systems/types";
import { KubernetesTarget } from "../../targets/kubernetes";
import { allGiven } from "./components/fixtures";
import { type Recording, record } from "./components/harness";
import { TYPES } from "./targets/kubernetes/fixtures";

const ROOT = join(__dirname, "../..");

/** The bucket of the repository's staging and prod is its owner's. */
const BUCKET_GIVEN = Object.fromEntries(Object.values(BUCKET_KEYS).map((name) => [name, `given ${name}`]));

/** As `--system <key> --env <environment>` means it, with the secrets that only outsiders issue. */
async function configOf(key: SystemKey, environment: Environment): Promise<StackConfig> {
    const { config, file } = await readStack(ROOT, {
        name: `${key}-${environment}`,
        file: join(ROOT, `Pulumi.${environment}.yaml`),
        substituted: { system: key, environment },
    });
    const raw = Object.fromEntries(Object.entries(config).map(([name, { value }]) => [name, value]));
    const keys = environment === "dev" ? {} : BUCKET_GIVEN;
    const given = { "groundwork:secrets": JSON.stringify({ ...allGiven(key), ...keys }) };
    return loadStackConfig({ ...raw, ...given }, SYSTEMS, { ...file.context, secretKeys: Object.keys(given) });
}

/** A preview on Kubernetes, whatever the file's target is. */
async function previewOf(key: SystemKey, environment: Environment): Promise<Recording> {
    const config = { ...(await configOf(key, environment)), target: "kubernetes" as const };
    const prefix = `gw-${key}-${environment}`;
    const identity = { stack: `${key}-${environment}`, system: key, environment, version: "1.2.3", prefix };
    const [, recording] = await record(
        () =>
            new Platform(prefix, {
                system: deployedSystem(config),
                config,
                target: new KubernetesTarget(identity, { ...config.kubernetes, protect: config.protect }),
                givenSecrets: pulumi.secret({ ...allGiven(key), ...BUCKET_GIVEN }),
                localImageRef: (name) => name,
            }),
        { preview: true },
    );
    return recording;
}

interface Claim {
    storageClassName?: string;
    accessModes: string[];
    resources: { requests: { storage: string } };
}

const specOf = <T>(registration: { inputs: Record<string, unknown> }): T => registration.inputs["spec"] as T;

/** By name of a Deployment; `min-max` where it follows the load. */
function replicas(recording: Recording): Record<string, number | string> {
    const scaled = new Map(
        recording.ofType(TYPES.autoscaler).map((scaler) => {
            const { minReplicas, maxReplicas } = specOf<{ minReplicas: number; maxReplicas: number }>(scaler);
            return [scaler.name, `${minReplicas}-${maxReplicas}`];
        }),
    );
    return Object.fromEntries(
        recording
            .ofType(TYPES.deployment)
            .map((one) => [one.name, scaled.get(one.name) ?? specOf<{ replicas: number }>(one).replicas]),
    );
}

function budgets(recording: Recording): string[] {
    return recording
        .ofType(TYPES.budget)
        .map(({ name }) => name)
        .sort();
}

/** What each volume asks of the cluster, by name of its claim. */
function claims(recording: Recording): Map<string, { shared: boolean; said: Claim; kept: boolean }> {
    return new Map(
        recording.ofType(TYPES.claim).map((one) => {
            const said = specOf<Claim>(one);
            const kept = one.protect && one.retainOnDelete;
            return [one.name, { shared: said.accessModes[0] === "ReadWriteMany", said, kept }];
        }),
    );
}

function caddyfile(recording: Recording): string {
    const { data } = recording.one("caddy-files").inputs as { data: { Caddyfile: string } };
    return data.Caddyfile;
}

/** How many replicas of each Deployment there are in staging and in prod. In dev there is one of each. */
const REPLICAS: Record<SystemKey, Record<string, [staging: number | string, prod: number | string]>> = {
    opencode: { caddy: [1, 1], frontend: [1, 1], backend: [2, 3] },
    "opencode-acp": { caddy: [1, 1], acp: [1, 1] },
    "debt-os": { caddy: [1, 1], api: [2, 2], worker: [2, 2] },
    "project-manager": { caddy: [1, 1], backend: [1, 1], frontend: [1, 1] },
    opshub: { caddy: [1, 1], api: ["2-10", "2-10"], pgbouncer: [2, 2], web: [2, 2], worker: [2, 2] },
};

/** Whose replicas share a volume that one node at a time can have: a budget could only keep it from being drained. */
const ON_ONE_NODE: ReadonlySet<string> = new Set(["opencode/backend"]);

/** Volumes that several nodes have at once outside of dev. */
const SPREAD_VOLUMES: Record<SystemKey, string[]> = {
    opencode: ["project-data"],
    "opencode-acp": [],
    "debt-os": ["repos"],
    "project-manager": [],
    opshub: [],
};

type Three<T> = Record<Environment, T>;

describe.each(SYSTEM_KEYS)("the stacks of %s", (key) => {
    const previews = {} as Three<Recording>;

    beforeAll(async () => {
        // One after another: the mocks are the process's.
        for (const environment of ENVIRONMENTS) previews[environment] = await previewOf(key, environment);
    });

    test("say everything but the secrets that outsiders issue", async () => {
        const configs = await Promise.all(ENVIRONMENTS.map((environment) => configOf(key, environment)));
        expect(configs).toMatchObject([
            { target: "docker", domain: `${key}.localhost`, tls: { mode: "internal" } },
            { target: "kubernetes", domain: `${key}.staging.example.com`, tls: { mode: "internal" } },
            { target: "kubernetes", domain: `${key}.example.com`, tls: { mode: "acme" } },
        ]);
        expect(configs.map(({ backup }) => backup.enabled)).toEqual([false, true, true]);
        expect(configs.map(({ images }) => images.source)).toEqual(["registry", "registry", "registry"]);
    });

    test("run as many replicas as their environment needs, and lose one of several at a time", () => {
        const wanted = Object.entries(REPLICAS[key]);
        const column = (index: 0 | 1) => Object.fromEntries(wanted.map(([name, counts]) => [name, counts[index]]));
        expect(replicas(previews.staging)).toEqual(column(0));
        expect(replicas(previews.prod)).toEqual(column(1));
        expect(Object.values(replicas(previews.dev)).every((count) => count === 1)).toBe(true);
        const several = (index: 0 | 1) =>
            wanted
                .filter(([name, counts]) => counts[index] !== 1 && !ON_ONE_NODE.has(`${key}/${name}`))
                .map(([name]) => name)
                .sort();
        expect(budgets(previews.dev)).toEqual([]);
        expect(budgets(previews.staging)).toEqual(several(0));
        expect(budgets(previews.prod)).toEqual(several(1));
    });

    test("are reached by nobody in dev, by the company in staging, by everybody in prod", () => {
        const edge = (environment: Environment) => specOf(previews[environment].one("caddy", TYPES.service));
        expect(edge("dev")).toMatchObject({ type: "ClusterIP" });
        expect(edge("staging")).toMatchObject({ type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] });
        expect(edge("prod")).toMatchObject({ type: "LoadBalancer" });
        expect(edge("prod")).not.toHaveProperty("loadBalancerSourceRanges");
    });

    test("update the edge on AWS only once its balancer finds the new pod well", () => {
        const labels = (environment: Environment) => {
            const [namespace] = previews[environment].ofType(TYPES.namespace);
            return (namespace!.inputs as { metadata: { labels: Record<string, string> } }).metadata.labels;
        };
        const gate = "elbv2.k8s.aws/pod-readiness-gate-inject";
        expect(ENVIRONMENTS.map((environment) => labels(environment)[gate])).toEqual([undefined, "enabled", "enabled"]);
    });

    test("have the certificate of a public authority in prod, and the edge's own elsewhere", () => {
        expect(caddyfile(previews.dev)).toContain("tls internal");
        expect(caddyfile(previews.staging)).toContain("tls internal");
        expect(caddyfile(previews.prod)).toContain("email platform@example.com");
        expect(caddyfile(previews.prod)).not.toContain("tls internal");
    });

    test("keep their data and their namespace outside of dev, on classes that fit, and more of it in prod", () => {
        const stateful = SYSTEMS[key].volumes.filter((volume) => volume.stateful).map(({ name }) => name);
        for (const environment of ENVIRONMENTS) {
            const found = claims(previews[environment]);
            const kept = [...found].filter(([, claim]) => claim.kept).map(([name]) => name);
            const dev = environment === "dev";
            expect(kept.sort()).toEqual(dev ? [] : stateful.filter((name) => found.has(name)).sort());
            const [namespace] = previews[environment].ofType(TYPES.namespace);
            expect(namespace).toMatchObject({ protect: !dev, retainOnDelete: !dev });
            for (const [name, { shared, said }] of found) {
                expect(said.storageClassName, name).toBe(dev ? undefined : shared ? "efs" : "gp3");
            }
        }
        // A network file system is nothing for a database that locks by memory.
        const spread = [...claims(previews.prod)].filter(([, { shared }]) => shared).map(([name]) => name);
        expect(spread).toEqual(SPREAD_VOLUMES[key]);
        const total = (environment: Environment) =>
            [...claims(previews[environment]).values()].reduce((sum, { said }) => sum + gibibytes(said), 0);
        expect(total("dev")).toBeLessThan(total("staging"));
        expect(total("staging")).toBeLessThan(total("prod"));
    });
});

function gibibytes({ resources }: Claim): number {
    const [, amount, unit] = /^(\d+)(Gi|Mi)$/.exec(resources.requests.storage)!;
    return Number(amount) / (unit === "Gi" ? 1 : 1024);
}
