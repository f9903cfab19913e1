/**
 * The disaster drill: everything of a stack is destroyed, its volumes and its state on this machine too, and one command brings it back.
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Crypter } from "../../../../packages/engine/src/crypto";
import type { SystemKey } from "../../../../systems/types";
import { quietTimeZone } from "../quiet-time-zone";
import { recovered, strictest, writePage } from "../recovery-page";
import { ENGINE, expectCode, finished, type Result } from "../sandbox";
import { waitFor } from "../wait";
import { Databases } from "./databases";
import { Files } from "./files";
import type { Bucket, Place, Ruin } from "./place";

const PASSPHRASE = "a passphrase of this test";

/** What the stores promise of Postgres, in seconds. */
const RPO = 60;

/** A stack whose backups go to a bucket that is none of its own, in a file that nobody has destroyed: it is in a repository. */
async function configured(ruin: Ruin, bucket: Bucket): Promise<void> {
    const crypter = await Crypter.create(PASSPHRASE);
    const secrets = {
        BACKUP_PASSWORD: "OfTheBackupsAndKeptWhereTheStackIsNot2026",
        BACKUP_ACCESS_KEY_ID: bucket.keys.access,
        BACKUP_SECRET_ACCESS_KEY: bucket.keys.secret,
    };
    const { sandbox } = ruin;
    sandbox.environment = { ...sandbox.environment, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
    sandbox.encryptionSalt = crypter.salt;
    sandbox.configure({
        backup: {
            enabled: true,
            timeZone: quietTimeZone(sandbox.system),
            localDays: 0,
            bucket: { kind: "s3", name: bucket.name, endpoint: bucket.endpoint },
        },
        secrets: Object.fromEntries(
            Object.entries(secrets).map(([name, value]) => [name, { secure: crypter.encrypt(value) }]),
        ),
    });
}

/** A command of `gw` that must succeed. */
async function gw({ sandbox }: Ruin, ...args: string[]): Promise<Result> {
    const result = await sandbox.gw(...args);
    expectCode(result, 0);
    return result;
}

/** What the secrets of a service are, without showing them. */
function secretsOf(ruin: Ruin, service: string): Promise<string> {
    return ruin.inside(service, "cd /run/secrets && sha256sum * | sort");
}

/** All that there is of it but its file. */
async function destroy(ruin: Ruin): Promise<void> {
    await ruin.raze();
    rmSync(join(ruin.sandbox.directory, ".groundwork"), { recursive: true });
}

interface Rebuilt {
    stores: Record<string, number>;
    failed: string[];
}

export function disasterDrill(place: Place): void {
    describe(`a stack on ${place.title} that is gone, ${ENGINE}`, () => {
        let bucket: Bucket;

        beforeAll(async () => {
            if ((await place.missing()) === undefined) bucket = await place.openBucket();
        }, 600_000);
        afterAll(async () => {
            if ((await place.missing()) === undefined) await place.closeBucket();
            await writePage();
        }, 600_000);

        /** Brings one up in the beginning, and removes it in the end. */
        const stack = (name: string, system: SystemKey, offset: number): { ruin: Ruin } => {
            const there = {} as { ruin: Ruin };
            beforeAll(async () => {
                if ((await place.missing()) !== undefined) return;
                there.ruin = await place.open(`${place.prefix}${name}`, system, offset);
                await there.ruin.raze();
                await configured(there.ruin, bucket);
                await gw(there.ruin, "up", "--yes");
            }, 1_800_000);
            afterAll(async () => {
                await there.ruin?.raze();
                there.ruin?.sandbox.remove();
            }, 900_000);
            return there;
        };

        // Of stacks that share nothing but the bucket: at once, each in its own order.
        describe.concurrent("with Postgres, a vector index and Redis, written to until the end", () => {
            const there = stack("disaster-stores", "debt-os", 110);
            let databases: Databases;

            beforeAll(async () => {
                if (there.ruin === undefined) return;
                databases = new Databases(there.ruin);
                await databases.fill();
            }, 600_000);

            it.sequential("comes back with one command: each row, key and secret", { timeout: 2_400_000 }, async () => {
                const { ruin } = there;
                databases.startLoad();
                await waitFor(async () => (await databases.redis("GET load:1")) === "1", {
                    what: "a write that is acknowledged",
                    seconds: 300,
                });
                await ruin.backUp("postgres", "hourly-for-rpo");
                await ruin.backUp("redis", "hourly");
                await sleep(30_000);
                const before = { ...(await databases.digest()), secrets: await secretsOf(ruin, "api") };
                const { ended } = databases.stopLoad();
                const killed = Date.now();
                await destroy(ruin);
                const acknowledged = await ended;

                const { stdout } = await gw(ruin, "rebuild", "--yes", "--json");
                const rtoSeconds = (Date.now() - killed) / 1000;
                const { stores, failed } = JSON.parse(stdout) as Rebuilt;
                expect([Object.keys(stores), failed]).toEqual([["postgres", "redis"], []]);
                expect({ ...(await databases.digest()), secrets: await secretsOf(ruin, "api") }).toEqual(before);
                const newest = Number(await databases.sql("SELECT max(n) FROM ticks"));
                const lost = acknowledged.filter(({ n }) => n > newest);
                expect(acknowledged.length, "there was a load").toBeGreaterThan(5);
                // Writes were acknowledged until the last server was gone.
                const end = Math.max(killed, acknowledged.at(-1)!.at);
                const rpoSeconds = lost.length === 0 ? 0 : (end - lost[0]!.at) / 1000;
                recovered({
                    scenario: `${place.title}: a stack with Postgres and Redis, its volumes and its state gone`,
                    objective: strictest("complete-loss"),
                    ...{ rtoSeconds, rpoSeconds },
                });
                expect(rpoSeconds).toBeLessThanOrEqual(RPO);
                expect(await databases.sql("SELECT count(*) = max(n) FROM ticks"), "all before that").toBe("t");
                expect(await databases.redis("GET load:1"), "acknowledged before Redis' backup began").toBe("1");
            });

            it.sequential(
                "gets a table back that was dropped, as of the second before",
                { timeout: 1_800_000 },
                async () => {
                    const { ruin } = there;
                    await ruin.backUp("postgres", "hourly-for-rpo");
                    await databases.sql("INSERT INTO dropped VALUES (-1, 'after the backup')");
                    const before = await databases.digest();
                    await sleep(1_500);
                    const moment = await databases.sql(
                        `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
                    );
                    await sleep(1_000);
                    await databases.sql("DROP TABLE dropped");
                    await databases.shipped();
                    const began = Date.now();
                    await gw(ruin, "restore", "postgres", "--at", moment, "--yes");
                    recovered({
                        scenario: `${place.title}: a stack's table dropped, back to the second before`,
                        objective: strictest("database-corruption"),
                        rtoSeconds: (Date.now() - began) / 1000,
                        rpoSeconds: 1,
                    });
                    expect(await databases.digest()).toEqual(before);
                },
            );

            it.sequential(
                "is the stack that its file says, and is not rebuilt again",
                { timeout: 900_000 },
                async () => {
                    const { ruin } = there;
                    await gw(ruin, "preview", "--expect-no-changes");
                    const again = await ruin.sandbox.gw("rebuild", "--yes");
                    expectCode(again, 2);
                    expect(again.output).toContain(`${ruin.sandbox.stack} is not gone`);
                    await ruin.backUp("redis", "hourly");
                },
            );
        });

        describe.concurrent("with SQLite, files and a graph", () => {
            const there = stack("disaster-files", "opencode", 120);
            let files: Files;
            /** Begins a rebuild and kills it as soon as it is at a step of a restore. */
            const killedAt = async (step: string): Promise<void> => {
                const child = there.ruin.sandbox.start(["rebuild", "--yes"]);
                let isOver = false;
                const ended = finished(child).finally(() => (isOver = true));
                let isThere = false;
                const look = async () => isOver || (isThere = await there.ruin.isAt(step));
                try {
                    await waitFor(look, { what: `the step ${step} of a rebuild`, seconds: 1_200, everyMs: 50 });
                } finally {
                    child.kill("SIGKILL");
                }
                const { code, output } = await ended;
                expect(isThere, `gw rebuild did not get to the step ${step}:\n${output}`).toBe(true);
                expect(code).not.toBe(0);
            };

            beforeAll(async () => {
                if (there.ruin === undefined) return;
                files = new Files(there.ruin);
                await files.fill();
            }, 600_000);

            it.sequential("comes back with one command, killed twice on its way", { timeout: 3_000_000 }, async () => {
                const { ruin } = there;
                for (const store of ["memgraph", "project-data", "sqlite"]) await ruin.backUp(store, "daily");
                const before = { ...(await files.digest()), secrets: await secretsOf(ruin, "backend") };
                const killed = Date.now();
                await destroy(ruin);

                await killedAt("prepare");
                await killedAt("swap");
                const { stdout } = await gw(ruin, "rebuild", "--yes", "--json");
                const rtoSeconds = (Date.now() - killed) / 1000;
                const { stores, failed } = JSON.parse(stdout) as Rebuilt;
                expect([Object.keys(stores).sort(), failed]).toEqual([["memgraph", "project-data", "sqlite"], []]);
                expect({ ...(await files.digest()), secrets: await secretsOf(ruin, "backend") }).toEqual(before);
                recovered({
                    scenario: `${place.title}: a stack with SQLite, files and a graph gone; its rebuild killed twice`,
                    objective: strictest("complete-loss"),
                    rtoSeconds,
                    // Nothing was written between the backup and the end.
                    rpoSeconds: 0,
                });
            });

            it.sequential("is not begun where the bucket has nothing of it", { timeout: 900_000 }, async () => {
                const { ruin } = there;
                await destroy(ruin);
                await bucket.empty(ruin.sandbox.stack);
                const failed = await ruin.sandbox.gw("rebuild", "--yes");
                expectCode(failed, 1);
                expect(failed.output).toContain("there is no repository yet");
                expect(existsSync(join(ruin.sandbox.directory, ".groundwork", "state"))).toBe(false);
            });
        });
    });
}
