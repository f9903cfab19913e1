/**
 * What backs each system up, on both targets: who mounts what, who has which key, and a configuration that the toolbox
 * itself takes. Cannot prove: see harness.ts; and that a backup can be made, which the end-to-end tests do. `tsx/cjs`
 * lets the `require` of the bucket on AWS read TypeScript, as Pulumi's own loader does in a program.
 */
import "tsx/cjs";

import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

import { backupGroups } from "../../../../components/backup/plan";
import { Platform } from "../../../../components/platform";
import type { StackConfig } from "../../../../config/types";
import { type BackupConfig, parseConfig } from "../../../../packages/backup/src/config";
import { deployedSystem } from "../../../../systems";
import { scheduledBackups } from "../../../../systems/backup";
import { SYSTEM_KEYS } from "../../../../systems/types";
import { allGiven, DEV_BACKUPS, platform, stackConfig } from "../fixtures";
import { record, type Recording, type Registration } from "../harness";
import { kubernetesTarget, TYPES } from "../../targets/kubernetes/fixtures";

const CONTAINER = "docker:index/container:Container";
const CRON_JOB = "kubernetes:batch/v1:CronJob";

interface Upload {
    file: string;
    content: unknown;
}

const uploads = (filler: Registration): Upload[] => (filler.inputs.uploads ?? []) as Upload[];

/** The configuration that a container or pod of this name gets, as the toolbox reads it. */
function configurationOf(recording: Recording, name: string): BackupConfig {
    const files = recording.all.flatMap((each) => [
        ...(each.name === `gw-test-${name}-etc-groundwork-backup-files`
            ? uploads(each).map(({ content }) => content)
            : []),
        ...(each.name === `${name}-files` ? [(each.inputs.data as Record<string, unknown>)["config.json"]] : []),
    ]);
    expect(files, name).toHaveLength(1);
    return parseConfig(String(files[0]), name);
}

/** Volumes that hold what cannot be made anew, but for those of the backups and copies of others; Caddy asks for its certificates anew. */
function dataVolumes(config: StackConfig): string[] {
    const { volumes, stores } = deployedSystem(config);
    const others = ["caddy-data", "backups", stores.postgres?.replicaVolume];
    return volumes.filter(({ name, stateful }) => stateful && !others.includes(name)).map(({ name }) => name);
}

describe.each(SYSTEM_KEYS)("%s", (key) => {
    const config = stackConfig(key, { backup: DEV_BACKUPS });
    const system = deployedSystem(config);

    describe("on Docker", () => {
        let recording: Recording;
        const groups = backupGroups(system, config);
        const mountsOf = (name: string) =>
            recording.one(`gw-test-${name}`, CONTAINER).inputs.mounts as {
                source: string;
                target: string;
                readOnly: boolean;
            }[];

        beforeAll(async () => {
            [, recording] = await record(() => platform(config, { given: allGiven(key) }));
        });

        test("each scheduled backup is of exactly one process, whose configuration the toolbox takes", () => {
            const configured = groups.flatMap(({ name }) => Object.entries(configurationOf(recording, name).stores));
            const wanted = scheduledBackups(system).map(({ store, schedules }) => [store, schedules] as const);
            expect(Object.fromEntries(configured.map(([store, { schedules }]) => [store, schedules]))).toEqual(
                Object.fromEntries(wanted),
            );
            expect(configured).toHaveLength(wanted.length);
        });

        test("every volume with data is mounted by a process of the user who owns it", () => {
            const mounted = groups.flatMap(({ name }) => mountsOf(name).map(({ source }) => source));
            for (const volume of dataVolumes(config)) {
                expect(
                    mounted.filter((source) => source === `gw-test-${volume}`),
                    volume,
                ).toHaveLength(1);
            }
        });

        test("what is backed up cannot be written to, but SQLite's volume", () => {
            const writable = groups
                .flatMap(({ name }) => mountsOf(name))
                .filter(({ target, readOnly }) => target.startsWith("/stores/") && !readOnly);
            expect(writable.map(({ target }) => target)).toEqual("sqlite" in system.stores ? ["/stores/sqlite"] : []);
        });

        test("secrets are in files alone", () => {
            expect(recording.plainText()).not.toMatch(/password of|bytes of|given [A-Z]/);
        });
    });

    describe("on Kubernetes", () => {
        let recording: Recording;
        const onKubernetes = { ...config, target: "kubernetes" as const };
        const groups = backupGroups(system, onKubernetes);
        const podOf = ({ inputs }: Registration) => {
            const { jobTemplate } = inputs.spec as { jobTemplate: { spec: { template: { spec: Pod } } } };
            return jobTemplate.spec.template.spec;
        };

        interface Pod {
            securityContext: { runAsUser: number; fsGroup: number };
            affinity?: {
                podAffinity?: {
                    requiredDuringSchedulingIgnoredDuringExecution: {
                        labelSelector: { matchLabels: Record<string, string> };
                    }[];
                };
            };
            volumes: { name: string; projected?: { sources: { secret?: { items: { key: string }[] } }[] } }[];
            containers: { args: string[]; volumeMounts: { name: string; mountPath: string; readOnly: boolean }[] }[];
        }

        beforeAll(async () => {
            const given = allGiven(key);
            [, recording] = await record(
                () =>
                    new Platform("gw-test", {
                        system,
                        config: { ...onKubernetes, givenSecrets: Object.keys(given) },
                        target: kubernetesTarget(),
                        givenSecrets: pulumi.secret(given),
                        localImageRef: (name) => name,
                    }),
            );
        });

        test("each schedule is a CronJob, and one removes what is old", () => {
            const wanted = scheduledBackups(system).flatMap(({ store, schedules }) =>
                schedules.map(({ name, cron }) => [`backup-${store}-${name}`, cron]),
            );
            const found = recording.ofType(CRON_JOB).map(({ name, inputs }) => {
                const { schedule, timeZone, concurrencyPolicy } = inputs.spec as Record<string, string>;
                expect([timeZone, concurrencyPolicy]).toEqual(["Europe/Berlin", "Forbid"]);
                return [name, schedule];
            });
            expect(Object.fromEntries(found)).toEqual(Object.fromEntries([...wanted, ["backup-prune", "15 4 * * *"]]));
        });

        test("each has a configuration that the toolbox takes, of its own store", () => {
            for (const { name, stores } of groups) {
                expect(Object.keys(configurationOf(recording, name).stores).sort()).toEqual(
                    stores.map(({ store }) => store).sort(),
                );
            }
        });

        test("every volume with data is mounted where it is, by its owner", () => {
            const pods = recording.ofType(CRON_JOB).map(podOf);
            for (const volume of dataVolumes(config)) {
                const having = pods.filter(({ containers }) =>
                    containers[0]!.volumeMounts.some(({ name }) => name === volume),
                );
                expect(having.length, volume).toBeGreaterThan(0);
                for (const { affinity } of having) {
                    const beside = affinity!.podAffinity!.requiredDuringSchedulingIgnoredDuringExecution.map(
                        ({ labelSelector }) => labelSelector.matchLabels,
                    );
                    const server = Object.entries(system.stores).find(([, store]) => store.volume === volume)?.[0];
                    const labels =
                        server && server !== "sqlite"
                            ? { "app.kubernetes.io/name": server }
                            : { [`volume.dev.groundwork/${volume}`]: "true" };
                    expect(beside, volume).toContainEqual(expect.objectContaining(labels));
                }
            }
        });

        test("Postgres starts beside what ships its log, which has its volume there, and no other store beside anything", () => {
            const shippers = groups.flatMap(({ shipper }) => shipper ?? []);
            for (const name of ["postgres", "redis", "memgraph"].filter((store) => store in system.stores)) {
                const { template } = recording.one(name, TYPES.statefulSet).inputs.spec as {
                    template: { spec: { affinity: { podAffinity?: unknown } } };
                };
                const near = name === "postgres" ? shippers : [];
                expect(template.spec.affinity.podAffinity, name).toEqual(
                    near.length === 0
                        ? undefined
                        : {
                              preferredDuringSchedulingIgnoredDuringExecution: near.map((shipper) => ({
                                  weight: 100,
                                  podAffinityTerm: {
                                      labelSelector: {
                                          matchLabels: {
                                              "app.kubernetes.io/name": shipper,
                                              "app.kubernetes.io/instance": "gw-test",
                                          },
                                      },
                                      topologyKey: "kubernetes.io/hostname",
                                  },
                              })),
                          },
                );
            }
            expect(shippers).toEqual("postgres" in system.stores ? ["backup-postgres-wal"] : []);
        });

        test("only what prunes has the key that removes, and it mounts no store", () => {
            for (const cronJob of recording.ofType(CRON_JOB)) {
                const { volumes, containers } = podOf(cronJob);
                const keys = volumes.flatMap(({ projected }) =>
                    (projected?.sources ?? []).flatMap(({ secret }) =>
                        (secret?.items ?? []).map(({ key: name }) => name),
                    ),
                );
                const prunes = cronJob.name === "backup-prune";
                expect(keys.includes("backup-s3-pruner"), cronJob.name).toBe(prunes);
                const stores = containers[0]!.volumeMounts.filter(({ mountPath }) => mountPath.startsWith("/stores/"));
                if (prunes) expect(stores).toEqual([]);
            }
        });

        test("each may speak to its store and the bucket, and to nothing else", () => {
            for (const { name, stores, prunes, shipper } of groups) {
                const asked = prunes
                    ? []
                    : stores
                          .map(({ store }) => store)
                          .filter((store) => ["postgres", "redis", "memgraph"].includes(store));
                for (const from of [name, ...(shipper ? [shipper] : [])]) {
                    const { egress, ingress } = recording.one(from, TYPES.policy).inputs.spec as {
                        egress: { to: { podSelector: { matchLabels: Record<string, string> } }[] }[];
                        ingress: unknown[];
                    };
                    const to = egress.map((rule) => rule.to[0]!.podSelector.matchLabels["app.kubernetes.io/name"]);
                    expect(to.sort(), from).toEqual([...asked, "s3"].sort());
                    expect(ingress).toEqual([]);
                }
            }
        });
    });
});

test("without backups nothing of them is made, and Postgres keeps no log for them", async () => {
    const [, recording] = await record(() => platform(stackConfig("debt-os"), { given: allGiven("debt-os") }));
    expect(recording.all.filter(({ name }) => /backup|-s3/.test(name))).toEqual([]);
    expect(JSON.stringify(recording.one("gw-test-postgres", CONTAINER).inputs)).not.toContain("max_slot_wal_keep_size");
});

test("with backups Postgres keeps an eighth of its volume in log for them at most", async () => {
    const config = stackConfig("debt-os", { backup: DEV_BACKUPS });
    const [, recording] = await record(() => platform(config, { given: allGiven("debt-os") }));
    expect(recording.one("gw-test-postgres", CONTAINER).inputs.command).toContain("max_slot_wal_keep_size=256MB");
});

test("a bucket of somebody else's is reached with the keys that are given, in its region", async () => {
    const bucket = {
        kind: "s3",
        name: "theirs",
        endpoint: "https://s3.eu-central-1.amazonaws.com",
        region: "eu-central-1",
    } as const;
    const config = stackConfig("debt-os", { backup: { ...DEV_BACKUPS, bucket, localDays: 7 } });
    const keys = { BACKUP_ACCESS_KEY_ID: "given id", BACKUP_SECRET_ACCESS_KEY: "given key" };
    const [, recording] = await record(() => platform(config, { given: { ...allGiven("debt-os"), ...keys } }));
    const { repository, localCopy } = configurationOf(recording, "backup");
    expect(repository).toMatchObject({ bucket: "theirs", region: "eu-central-1", addressing: "dns", prefix: "test" });
    expect(localCopy).toEqual({ path: "/backups", days: 7 });
    expect(recording.all.filter(({ name }) => name === "gw-test-s3")).toEqual([]);
});

test("a Postgres that somebody else runs is dumped from where it is, and its certificate verified; a Redis is left to its owner", async () => {
    const outside = { mode: "external" as const, host: "db.example.com", port: 5433, addresses: [] as string[] };
    const config = stackConfig("debt-os", {
        backup: DEV_BACKUPS,
        stores: { postgres: { ...outside, tls: "verify-full" }, redis: { ...outside, tls: true } },
    });
    const secrets = { POSTGRES_PASSWORD: "given p", REDIS_PASSWORD: "given r", POSTGRES_CA_CERTIFICATE: "given ca" };
    const [, recording] = await record(() => platform(config, { given: { ...allGiven("debt-os"), ...secrets } }));
    const { stores } = configurationOf(recording, "backup");
    expect(Object.keys(stores)).toEqual(["config", "postgres"]);
    expect(stores.postgres).toMatchObject({
        host: "db.example.com",
        port: 5433,
        sslMode: "verify-full",
        caFile: "/run/secrets/POSTGRES_CA_CERTIFICATE",
    });
    expect(stores.postgres).not.toHaveProperty("dataDirectory");
    const filler = recording.one("gw-test-backup-run-secrets-files", CONTAINER);
    expect(uploads(filler).map(({ file }) => file)).toContain("/run/secrets/POSTGRES_CA_CERTIFICATE");
});

test("a bucket on AWS is made with the stack, and its writer's key is not its pruner's", async () => {
    const bucket = { kind: "aws", region: "eu-central-1", noncurrentDays: 30 } as const;
    const config = stackConfig("opshub", { environment: "prod", backup: { ...DEV_BACKUPS, bucket } });
    const [, recording] = await record(() => platform(config, { given: allGiven("opshub") }));
    expect(recording.ofType("aws:s3/bucket:Bucket").map(({ name }) => name)).toContain("gw-test-backups");
    expect(
        recording
            .ofType("aws:iam/accessKey:AccessKey")
            .map(({ name }) => name)
            .sort(),
    ).toEqual(["gw-test-backups-pruner", "gw-test-backups-writer"]);
});

test("drills are told of the document's objectives, and of the stack's where it asks for more", async () => {
    const config = stackConfig("debt-os", {
        backup: DEV_BACKUPS,
        objectives: { "database-corruption": { rpoSeconds: 90 } },
    });
    const [, recording] = await record(() => platform(config, { given: allGiven("debt-os") }));
    const own = deployedSystem(config).objectives.map(({ scenario, rtoSeconds, rpoSeconds }) => ({
        scenario,
        rtoSeconds,
        rpoSeconds: scenario === "database-corruption" ? 90 : rpoSeconds,
    }));
    expect(configurationOf(recording, "backup").objectives).toEqual(own);
});
