/**
 * OpsHub's replica and pooler as Kubernetes has them. Cannot prove: see components/harness.ts; and that a cluster schedules or replicates
 * anything.
 */
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";

import { Platform } from "../../../../components/platform";
import type { StackConfig } from "../../../../config/types";
import { SYSTEMS } from "../../../../systems";
import { KubernetesTarget } from "../../../../targets/kubernetes";
import { allGiven, stackConfig } from "../../components/fixtures";
import { type Recording, record } from "../../components/harness";
import { TYPES } from "./fixtures";

interface StatefulSet {
    template: { spec: Pod };
}
interface Pod {
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: unknown[] } };
    volumes: { name: string; persistentVolumeClaim?: { claimName: string } }[];
    containers: ({ env: { name: string; value: string }[] } & Record<
        "startupProbe" | "readinessProbe" | "livenessProbe",
        { exec: { command: string[] } }
    >)[];
}

async function opshub(postgres: StackConfig["postgres"]): Promise<Recording> {
    const given = allGiven("opshub");
    const config = stackConfig("opshub", {
        target: "kubernetes",
        environment: "prod",
        postgres,
        givenSecrets: Object.keys(given),
    });
    const identity = {
        stack: "test",
        system: "opshub",
        environment: "prod",
        version: "1.2.3",
        prefix: "gw-test",
    } as const;
    const [, recording] = await record(() => {
        const target = new KubernetesTarget(identity, { ...config.kubernetes, protect: true });
        const givenSecrets = pulumi.secret(given);
        return new Platform("gw-test", {
            system: SYSTEMS.opshub,
            config,
            target,
            givenSecrets,
            localImageRef: (n) => n,
        });
    });
    return recording;
}

const setOf = (recording: Recording, name: string) =>
    recording.one(name, TYPES.statefulSet).inputs.spec as unknown as StatefulSet;
const claimOf = (recording: Recording, name: string) =>
    setOf(recording, name).template.spec.volumes.flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
const commands = (pod: Pod, probe: "startupProbe" | "readinessProbe" | "livenessProbe") =>
    pod.containers[0]![probe].exec.command.join(" ");

let before: Recording;
let after: Recording;
beforeAll(async () => {
    before = await opshub({});
    after = await opshub({ primaryVolume: "db-data-replica" });
});

test("names each server's claim in its pod, and in no template that would make an empty one", () => {
    // Not even an empty list, which a refresh would find gone, and replace them for.
    expect(setOf(before, "postgres")).not.toHaveProperty("volumeClaimTemplates");
    expect(setOf(before, "postgres-replica")).not.toHaveProperty("volumeClaimTemplates");
    expect(before.one("postgres", TYPES.statefulSet).ignoreChanges).toEqual([]);
    expect(before.one("redis", TYPES.statefulSet).ignoreChanges).toEqual(["spec.volumeClaimTemplates"]);
});

test("has the claims change places at a promotion, and makes, renames and drops none", () => {
    const [own, copy] = ["db-data-postgres-0", "db-data-replica-postgres-replica-0"];
    expect([claimOf(before, "postgres"), claimOf(before, "postgres-replica")]).toEqual([[own], [copy]]);
    expect([claimOf(after, "postgres"), claimOf(after, "postgres-replica")]).toEqual([[copy], [own]]);
    const claims = (recording: Recording) =>
        recording
            .ofType(TYPES.claim)
            .map(({ name, inputs, parent, protect }) => ({ name, inputs, parent, protect }))
            .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(claims(after)).toEqual(claims(before));
    expect(claims(before).filter(({ name }) => name.startsWith("db-data"))).toMatchObject([
        { protect: true },
        { protect: true },
    ]);
});

test("puts the replica on another node than the primary, if there is one", () => {
    const terms = setOf(before, "postgres-replica").template.spec.affinity.podAntiAffinity
        .preferredDuringSchedulingIgnoredDuringExecution;
    expect(terms).toContainEqual({
        // Less than what draws the primary to its log's shipper.
        weight: 50,
        podAffinityTerm: {
            topologyKey: "kubernetes.io/hostname",
            labelSelector: {
                matchLabels: { "app.kubernetes.io/name": "postgres", "app.kubernetes.io/instance": "gw-test" },
            },
        },
    });
    expect(setOf(before, "postgres-replica").template.spec.affinity).not.toHaveProperty("podAffinity");
});

test("sends reports to a replica that streams, and restarts one for nothing but itself", () => {
    const pod = setOf(before, "postgres-replica").template.spec;
    expect(commands(pod, "readinessProbe")).toContain("pg_stat_wal_receiver");
    for (const probe of ["startupProbe", "livenessProbe"] as const) {
        expect(commands(pod, probe)).toContain("pg_isready");
        expect(commands(pod, probe)).not.toContain("wal_receiver");
    }
});

test("asks the pooler for an answer of Postgres's before it gets clients, and restarts it for its own alone", () => {
    const { template, replicas } = before.one("pgbouncer", TYPES.deployment).inputs.spec as {
        replicas: number;
        template: { spec: Pod };
    };
    expect(replicas).toBe(2);
    expect(commands(template.spec, "readinessProbe")).toContain("-d opshub -XAtqc 'SELECT 1'");
    expect(commands(template.spec, "livenessProbe")).toContain("-d pgbouncer -XAtqc 'SHOW VERSION'");
    expect(before.one("pgbouncer", TYPES.budget).inputs).toMatchObject({ spec: { maxUnavailable: 1 } });
});

test("lets a primary that lost its volume find the replica, which is not ready then", () => {
    const { env } = setOf(before, "postgres").template.spec.containers[0]!;
    expect(env).toContainEqual({ name: "REPLICA_HOST", value: "postgres-replica-headless" });
    expect(before.one("postgres-replica-headless", TYPES.service).inputs.spec).toMatchObject({
        clusterIP: "None",
        publishNotReadyAddresses: true,
    });
    expect(before.one("api-headless", TYPES.service).inputs.spec).not.toHaveProperty("publishNotReadyAddresses");
});
