/** DEBT-OS on a real cluster, backed up by the CronJobs of its own stack. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Manifest } from "../../../packages/backup/src/manifest";
import { ENGINE, expectCode } from "../support/sandbox";
import { secretsIn } from "../support/secrets";
import { localImageRef } from "../../../images/local";
import { ensureCluster } from "./cluster/cluster";
import { Inventory } from "./support/inventory";
import { Sandbox } from "./support/sandbox";

const STACK = "e2e-k8s-backups";
const ROWS = 5000;

interface CronJob {
    metadata: { name: string };
    spec: { schedule: string; timeZone: string; concurrencyPolicy: string };
}

describe(`a stack on Kubernetes that is backed up, ${ENGINE}`, () => {
    let sandbox: Sandbox;
    let there: Inventory;
    let secrets: string[] = [];

    const inPod = async (service: string, ...command: string[]): Promise<string> =>
        there.exec((await there.readyPod(service)).name, ...command);
    const sql = (text: string): Promise<string> =>
        inPod(
            "postgres",
            "sh",
            "-c",
            `PGPASSWORD="$(cat /run/secrets/POSTGRES_PASSWORD)" exec psql -h 127.0.0.1 -U debt_os -d debt_os -tAc "${text}"`,
        );
    /** Starts one of the stack's CronJobs now, as its clock would. @returns what it wrote */
    const runNow = async (cronJob: string): Promise<string> => {
        const job = `${cronJob}-now`;
        await there.kubectl("create", "job", job, `--from=cronjob/${cronJob}`);
        await there.kubectl("wait", `job/${job}`, "--for=condition=complete", "--timeout=240s");
        return there.kubectl("logs", `job/${job}`);
    };

    beforeAll(async () => {
        const cluster = await ensureCluster();
        sandbox = new Sandbox(cluster, STACK, "debt-os", 70);
        there = new Inventory(cluster, STACK);
        await there.sweep();
        sandbox.configure({ backup: { enabled: true, timeZone: "Europe/Berlin" } });
        await sandbox.loadImages();
        await cluster.loadImages(["backup", "s3"].map(localImageRef));
        expectCode(await sandbox.gw("up", "--yes"), 0);
        const shown = await sandbox.gw("state", "export", "--show-secrets");
        expectCode(shown, 0);
        secrets = secretsIn(JSON.parse(shown.stdout));
        await sql("CREATE TABLE kept (id int PRIMARY KEY, note text)");
        await sql(`INSERT INTO kept SELECT n, md5(n::text) FROM generate_series(1, ${ROWS}) n`);
    }, 900_000);
    afterAll(async () => {
        await there?.sweep();
        sandbox?.remove();
    }, 300_000);

    it("has a CronJob for each schedule of its document, in the stack's time zone", async () => {
        const found = (await there.list<CronJob>("cronjobs")).map(({ metadata, spec }) => [
            metadata.name,
            spec.schedule,
        ]);
        expect(Object.fromEntries(found)).toEqual({
            "backup-postgres-daily": "0 2 * * *",
            "backup-postgres-hourly-for-rpo": "30 * * * *",
            "backup-prune": "15 4 * * *",
            "backup-redis-hourly": "0 * * * *",
        });
        const zones = (await there.list<CronJob>("cronjobs")).map(
            ({ spec }) => `${spec.timeZone} ${spec.concurrencyPolicy}`,
        );
        expect(new Set(zones)).toEqual(new Set(["Europe/Berlin Forbid"]));
    });

    it(
        "backs each store up when a CronJob's time comes, and removes nothing that is young",
        { timeout: 900_000 },
        async () => {
            for (const cronJob of ["backup-postgres-daily", "backup-redis-hourly", "backup-postgres-hourly-for-rpo"]) {
                expect(await runNow(cronJob)).toContain("backed up and read back");
            }
            await runNow("backup-prune");
            const shipper = "backup-postgres-wal";
            const made = JSON.parse(await inPod(shipper, "backup", "list", "--json")) as Manifest[];
            expect(made.map(({ store, method, tier }) => `${store} ${method} ${tier}`).sort()).toEqual([
                "postgres logical daily",
                "postgres physical hourly-for-rpo",
                "redis snapshot hourly",
            ]);
            const logical = made.find(({ method }) => method === "logical")!;
            expect(logical.contents["debt_os.public.kept"]?.count).toBe(ROWS);
            expect(await inPod(shipper, "backup", "verify", "postgres")).toContain("postgres");
        },
    );

    it("ships Postgres' log all the time", { timeout: 120_000 }, async () => {
        expect(await sql("SELECT wal_status FROM pg_replication_slots")).toMatch(/reserved/);
        const metrics = () => inPod("backup-postgres-wal", "curl", "-fsS", "http://127.0.0.1:9469/metrics");
        await expect.poll(metrics, { timeout: 60_000, interval: 2_000 }).toMatch(/wal_shipped_timestamp_seconds\S* \d/);
    });

    it("shows no secret in its CronJobs, pods, ConfigMaps or logs", { timeout: 120_000 }, async () => {
        expect(secrets.length).toBeGreaterThan(5);
        const seen = [
            await there.kubectl("get", "cronjobs,jobs,pods,configmaps,statefulsets,events", "-o", "json"),
            await there.kubectl("logs", "job/backup-postgres-daily-now"),
            await there.kubectl("logs", "statefulset/backup-postgres-wal"),
        ].join("\n");
        expect(secrets.filter((secret) => seen.includes(secret)).length).toBe(0);
    });

    it("has nothing to change right after", { timeout: 120_000 }, async () => {
        expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
    });
});
