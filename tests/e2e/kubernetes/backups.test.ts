/** DEBT-OS on a real cluster, backed up by the CronJobs of its own stack. */
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { localImageRef } from "../../../images/local";
import type { DrillReport } from "../../../packages/backup/src/drill/report";
import type { Manifest } from "../../../packages/backup/src/manifest";
import type { V1Job, V1StatefulSet } from "../../../packages/cli/src/kubernetes/types";
import { systemOf } from "../../../systems";
import { quietTimeZone } from "../support/quiet-time-zone";
import { ENGINE, expectCode, finished, type Result } from "../support/sandbox";
import { secretsIn } from "../support/secrets";
import type { Inventory } from "./support/inventory";
import { askPostgres } from "./support/postgres";
import type { Sandbox } from "./support/sandbox";
import { freshStack } from "./support/stack";

const STACK = "e2e-k8s-backups";
const ROWS = 5000;

interface CronJob {
    metadata: { name: string };
    spec: { schedule: string; timeZone: string; concurrencyPolicy: string };
}

describe(`a stack on Kubernetes that is backed up, ${ENGINE}`, () => {
    let sandbox: Sandbox;
    let there: Inventory;
    let timeZone: string;
    let secrets: string[] = [];

    const inPod = async (service: string, ...command: string[]): Promise<string> =>
        there.exec((await there.readyPod(service)).name, ...command);
    const { postgres } = systemOf("debt-os").stores;
    const sql = async (text: string): Promise<string> =>
        askPostgres(there, (await there.readyPod("postgres")).name, postgres!, text);
    const redis = (command: string): Promise<string> =>
        inPod("redis", "sh", "-c", `REDISCLI_AUTH="$(cat /run/secrets/REDIS_PASSWORD)" redis-cli ${command}`).then(
            (said) => said.trim(),
        );
    /** A command of `gw` that must succeed. */
    const gw = async (...args: string[]): Promise<Result> => {
        const result = await sandbox.gw(...args);
        expectCode(result, 0);
        return result;
    };
    /** Starts one of the stack's CronJobs now, as its clock would. @returns what it wrote */
    const runNow = async (cronJob: string): Promise<string> => {
        const job = `${cronJob}-now`;
        await there.kubectl("create", "job", job, `--from=cronjob/${cronJob}`);
        await there.kubectl("wait", `job/${job}`, "--for=condition=complete", "--timeout=1500s");
        return there.kubectl("logs", `job/${job}`);
    };

    beforeAll(async () => {
        ({ sandbox, there } = await freshStack(STACK, "debt-os", 70));
        timeZone = quietTimeZone("debt-os");
        sandbox.configure({ backup: { enabled: true, timeZone, drill: "nightly" } });
        await there.cluster.loadImages(["backup", "s3"].map(localImageRef));
        expectCode(await sandbox.gw("up", "--yes"), 0);
        const shown = await sandbox.gw("state", "export", "--show-secrets");
        expectCode(shown, 0);
        secrets = secretsIn(JSON.parse(shown.stdout));
        // Their times may come while the tests count backups; what is made of them by hand runs all the same.
        const cronJobs = (await there.kubectl("get", "cronjobs", "-o", "name")).trim().split("\n");
        await there.kubectl("patch", ...cronJobs, "--type=merge", "--patch", '{"spec":{"suspend":true}}');
        await sql("CREATE TABLE kept (id int PRIMARY KEY, note text)");
        await sql(`INSERT INTO kept SELECT n, md5(n::text) FROM generate_series(1, ${ROWS}) n`);
    }, 1_800_000);
    afterAll(async () => {
        await there?.sweep();
        sandbox?.remove();
    }, 1_800_000);

    it("has a CronJob for each schedule of its document, in the stack's time zone", async () => {
        const found = (await there.list<CronJob>("cronjobs")).map(({ metadata, spec }) => [
            metadata.name,
            spec.schedule,
        ]);
        expect(Object.fromEntries(found)).toEqual({
            "backup-config-daily": "0 2 * * *",
            "backup-drill": "15 5 * * *",
            "backup-postgres-daily": "0 2 * * *",
            "backup-postgres-hourly-for-rpo": "30 * * * *",
            "backup-prune": "15 4 * * *",
            "backup-redis-hourly": "0 * * * *",
        });
        const zones = (await there.list<CronJob>("cronjobs")).map(
            ({ spec }) => `${spec.timeZone} ${spec.concurrencyPolicy}`,
        );
        expect(new Set(zones)).toEqual(new Set([`${timeZone} Forbid`]));
    });

    it(
        "backs each store up when a CronJob's time comes, and removes nothing that is young",
        { timeout: 1_800_000 },
        async () => {
            // At the same time, as schedules may come: the second of a store's waits for the first.
            const schedules = ["config-daily", "postgres-daily", "postgres-hourly-for-rpo", "redis-hourly"];
            const ran = await Promise.all(schedules.map((one) => runNow(`backup-${one}`)));
            for (const said of ran) expect(said).toContain("backed up and read back");
            await runNow("backup-prune");
            const shipper = "backup-postgres-wal";
            const made = JSON.parse(await inPod(shipper, "backup", "list", "--json")) as Manifest[];
            expect(made.map(({ store, method, tier }) => `${store} ${method} ${tier}`).sort()).toEqual([
                "config files daily",
                "postgres logical daily",
                "postgres physical hourly-for-rpo",
                "redis snapshot hourly",
            ]);
            const logical = made.find(({ method }) => method === "logical")!;
            expect(logical.contents["debt_os.public.kept"]?.count).toBe(ROWS);
            expect(await inPod(shipper, "backup", "verify", "postgres")).toContain("postgres");
        },
    );

    it("ships Postgres' log all the time", { timeout: 1_800_000 }, async () => {
        expect(await sql("SELECT wal_status FROM pg_replication_slots")).toMatch(/reserved/);
        const metrics = () => inPod("backup-postgres-wal", "curl", "-fsS", "http://127.0.0.1:9469/metrics");
        await expect
            .poll(metrics, { timeout: 600_000, interval: 2_000 })
            .toMatch(/wal_shipped_timestamp_seconds\S* \d/);
    });

    it("gets a database back that has lost its rows, and goes back again", { timeout: 1_800_000 }, async () => {
        await sql("DELETE FROM kept WHERE id > 10");
        const restored = await gw("restore", "postgres", "--method", "logical", "--yes");
        expect(restored.stdout).toContain("a copy of what is live");
        expect(await sql("SELECT count(*) FROM kept")).toBe(String(ROWS));
        await gw("restore", "postgres", "--undo", "--yes");
        expect(await sql("SELECT count(*) FROM kept")).toBe("10");
    });

    it(
        "gets the whole cluster back from files and log, with the workload as it was",
        { timeout: 1_800_000 },
        async () => {
            const before = await there.readyPod("postgres");
            await sql("INSERT INTO kept VALUES (77777, 'after the last backup')");
            await gw("restore", "postgres", "--yes");
            expect(await sql("SELECT count(*) FROM kept WHERE id = 77777")).toBe("1");
            expect(await sql("SELECT timeline_id FROM pg_control_checkpoint()")).toBe("2");
            expect((await there.readyPod("postgres")).uid).not.toBe(before.uid);
            const [set] = await there.list<V1StatefulSet>("statefulsets", "-l", "app.kubernetes.io/name=postgres");
            expect(set!.spec?.replicas).toBe(1);
            expect(JSON.stringify(set!.metadata)).not.toMatch(/restore/);
        },
    );

    it("ends what was begun when gw is killed with the store stopped", { timeout: 1_800_000 }, async () => {
        await redis("SET colour red");
        const child = sandbox.start(["restore", "redis", "--yes"]);
        const ended = finished(child);
        const isDown = async () => {
            const [set] = await there.list<V1StatefulSet>("statefulsets", "-l", "app.kubernetes.io/name=redis");
            return set!.spec?.replicas === 0 && !(await there.pods("redis")).some(({ ready }) => ready);
        };
        try {
            await expect.poll(isDown, { timeout: 600_000, interval: 200 }).toBe(true);
        } finally {
            child.kill("SIGKILL");
        }
        await ended;
        await gw("restore", "redis", "--yes");
        expect(await redis("GET colour")).toBe("");
        await gw("restore", "redis", "--undo", "--yes");
        expect(await redis("GET colour")).toBe("red");
        const left = (await there.list<V1Job>("jobs")).filter(({ metadata }) => /^restore-/.test(metadata!.name!));
        expect(left).toEqual([]);
    });

    it("proves its backups in pods of their own: by hand, and by the CronJob", { timeout: 1_800_000 }, async () => {
        const { stdout } = await gw("drill", "--json", "--out", join(sandbox.directory, "drills"));
        const { rows } = JSON.parse(stdout) as DrillReport;
        expect(rows.map(({ store, method, problem }) => `${store} ${method} ${problem ?? "whole"}`).sort()).toEqual([
            "config files whole",
            "postgres logical whole",
            "postgres physical whole",
            "redis snapshot whole",
        ]);
        expect(await runNow("backup-drill")).toContain("came back whole");
    });

    it("shows no secret in its CronJobs, pods, ConfigMaps or logs", { timeout: 1_800_000 }, async () => {
        expect(secrets.length).toBeGreaterThan(5);
        const seen = [
            await there.kubectl("get", "cronjobs,jobs,pods,configmaps,statefulsets,events", "-o", "json"),
            await there.kubectl("logs", "job/backup-postgres-daily-now"),
            await there.kubectl("logs", "statefulset/backup-postgres-wal"),
        ].join("\n");
        expect(secrets.filter((secret) => seen.includes(secret)).length).toBe(0);
    });

    it("has nothing to change right after", { timeout: 1_800_000 }, async () => {
        expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
    });
});
