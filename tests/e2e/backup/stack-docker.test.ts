/** DEBT-OS on a real Docker engine, backed up by what its own stack runs for that. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Manifest } from "../../../packages/backup/src/manifest";
import { execIn } from "../../../packages/cli/src/docker/exec";
import { systemOf } from "../../../systems";
import {
    containersOf,
    docker,
    missingDocker,
    needsDocker,
    NOTHING,
    remains,
    servicesOf,
    sweep,
} from "../docker/support/docker";
import { PostgresProbe } from "../docker/support/postgres";
import { Sandbox } from "../docker/support/sandbox";
import { quietTimeZone } from "../support/quiet-time-zone";
import { ENGINE, expectCode, finished, type Result } from "../support/sandbox";
import { secretsIn } from "../support/secrets";

const STACK = "e2e-backups";
const ROWS = 5000;

describe(`a stack that is backed up, ${ENGINE}`, () => {
    needsDocker();
    const sandbox = new Sandbox(STACK, "debt-os", 100);
    const postgres = new PostgresProbe(STACK, systemOf("debt-os").stores.postgres!);
    let secrets: string[] = [];

    /** Runs in a container of the stack, as its user. */
    const inside = async (service: string, command: string[]): Promise<string> => {
        const found = (await servicesOf(STACK)).find((each) => each.service === service);
        const { exitCode, stdout, stderr } = await execIn(docker, found!.id, command, 600_000);
        if (exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${exitCode}:\n${stderr}\n${stdout}`);
        return stdout;
    };
    /** A command of `gw` that must succeed. */
    const gw = async (...args: string[]): Promise<Result> => {
        const result = await sandbox.gw(...args);
        expectCode(result, 0);
        return result;
    };
    const redis = async (...command: string[]): Promise<string> => {
        const client = `REDISCLI_AUTH="$(cat /run/secrets/REDIS_PASSWORD)" exec redis-cli ${command.join(" ")}`;
        return (await inside("redis", ["sh", "-c", client])).trim();
    };
    /** Begins a restore of Redis and kills `gw` as soon as it is at a step. */
    const killedAt = async (step: string, backup: string): Promise<void> => {
        const child = sandbox.start(["restore", "redis", "--at", backup, "--yes"]);
        const ended = finished(child);
        const there = async () => (await containersOf(STACK)).some(({ name }) => name.endsWith(`-restore-${step}`));
        try {
            await expect.poll(there, { timeout: 600_000, interval: 50 }).toBe(true);
        } finally {
            child.kill("SIGKILL");
        }
        expect((await ended).code).not.toBe(0);
    };
    const manifests = async () => JSON.parse(await inside("backup", ["backup", "list", "--json"])) as Manifest[];

    beforeAll(async () => {
        if (await missingDocker()) return;
        await sweep(STACK);
        sandbox.configure({ backup: { enabled: true, timeZone: quietTimeZone("debt-os") } });
        expectCode(await sandbox.gw("up", "--yes"), 0);
        const shown = await sandbox.gw("state", "export", "--show-secrets");
        expectCode(shown, 0);
        secrets = secretsIn(JSON.parse(shown.stdout));
        await postgres.ask("CREATE TABLE kept (id int PRIMARY KEY, note text)");
        await postgres.ask(`INSERT INTO kept SELECT n, md5(n::text) FROM generate_series(1, ${ROWS}) n`);
    }, 900_000);
    afterAll(async () => {
        if (!(await missingDocker())) await sweep(STACK);
        sandbox.remove();
    }, 900_000);

    it("has a scheduler and a bucket of its own beside its services, all healthy", async () => {
        const services = (await servicesOf(STACK)).map(({ service, health }) => `${service} ${health}`);
        expect(services).toEqual(expect.arrayContaining(["backup healthy", "s3 healthy", "postgres healthy"]));
    });

    it(
        "puts every store that its document backs up into the bucket, and reads it back",
        { timeout: 1_800_000 },
        async () => {
            await inside("backup", ["backup", "run", "all"]);
            const made = (await manifests()).filter(({ tier }) => tier === "manual");
            expect(made.map(({ store, method }) => `${store} ${method}`).sort()).toEqual([
                "config files",
                "postgres logical",
                "redis snapshot",
            ]);
            const { contents } = made.find(({ store }) => store === "postgres")!;
            expect(contents["debt_os.public.kept"]?.count).toBe(ROWS);
            const stored = await inside("s3", ["ls", `/data/objects/backups/${STACK}/stores`]);
            expect(stored.split("\n")).toEqual(expect.arrayContaining(["config", "data", "snapshots"]));
            const verified = (await inside("backup", ["backup", "verify"])).trim().split("\n");
            expect(verified.sort()).toEqual(made.map(({ id }) => id).sort());
        },
    );

    it("copies Postgres' files from its volume, which it may not write to", { timeout: 1_800_000 }, async () => {
        const id = (await inside("backup", ["backup", "run", "postgres", "--tier", "hourly-for-rpo"])).trim();
        expect((await manifests()).find((one) => one.id === id)).toMatchObject({
            method: "physical",
            tier: "hourly-for-rpo",
        });
        await expect(inside("backup", ["touch", "/stores/postgres/pgdata/mine"])).rejects.toThrow(
            /Read-only file system/,
        );
    });

    it("ships Postgres' log, of which the server keeps no more than fits", { timeout: 1_800_000 }, async () => {
        expect(await postgres.ask("SHOW max_slot_wal_keep_size")).toBe("256MB");
        const shipped = async () => await inside("backup", ["backup", "metrics"]);
        await expect.poll(shipped, { timeout: 600_000, interval: 2_000 }).toMatch(/wal_shipped_timestamp_seconds/);
        expect(await postgres.ask("SELECT active, wal_status FROM pg_replication_slots")).toBe("f|reserved");
    });

    it("gives back what it stored", { timeout: 1_800_000 }, async () => {
        await inside("backup", ["backup", "restore", "postgres", "--method", "logical", "--into", "copy"]);
        const { user } = systemOf("debt-os").stores.postgres!;
        const sql = "SELECT count(*), md5(string_agg(note, ',' ORDER BY id)) FROM kept";
        const { stdout } = await postgres.shell(
            `PGPASSWORD="$(cat /run/secrets/POSTGRES_PASSWORD)" exec psql -h 127.0.0.1 -U ${user} -d copy -tAc "${sql}"`,
        );
        expect(stdout.trim()).toBe(await postgres.ask(sql));
        expect(stdout.trim()).toMatch(new RegExp(`^${ROWS}\\|`));
    });

    it("gets a database back that has lost its rows, and goes back again", { timeout: 1_800_000 }, async () => {
        const rows = () => postgres.ask("SELECT count(*) FROM kept");
        await postgres.ask("DELETE FROM kept WHERE id > 10");
        const listed = JSON.parse((await gw("backups", "postgres", "--json")).stdout) as Manifest[];
        const { id } = listed.find(({ method, tier }) => method === "logical" && tier === "manual")!;
        const restored = await gw("restore", "postgres", "--at", id, "--yes");
        expect(restored.stdout).toContain(id);
        expect(restored.stdout).toContain("a copy of what is live");
        expect(await rows()).toBe(String(ROWS));
        const safety = JSON.parse((await gw("backups", "postgres", "--json")).stdout) as Manifest[];
        const copy = safety.find(({ tier, store }) => tier === "safety" && store === "postgres");
        expect(copy?.contents["debt_os.public.kept"]?.count).toBe(10);
        await gw("restore", "postgres", "--undo", "--yes");
        expect(await rows()).toBe("10");
    });

    it("gets the whole cluster back from files and log, as new as it was", { timeout: 1_800_000 }, async () => {
        const before = await postgres.ask("SELECT pg_postmaster_start_time()");
        await postgres.ask("INSERT INTO kept VALUES (77777, 'after the last backup')");
        await gw("restore", "postgres", "--yes");
        expect(await postgres.ask("SELECT count(*) FROM kept WHERE id = 77777")).toBe("1");
        expect(await postgres.ask("SELECT pg_postmaster_start_time()")).not.toBe(before);
        expect(await postgres.ask("SELECT timeline_id FROM pg_control_checkpoint()")).toBe("2");
    });

    it("serves the old keys or ends what was begun, whenever gw is killed", { timeout: 1_800_000 }, async () => {
        await redis("SET", "colour", "blue");
        const backup = (await inside("backup", ["backup", "run", "redis"])).trim();
        await redis("SET", "colour", "red");
        await killedAt("prepare", backup);
        expect(await redis("GET", "colour")).toBe("red");
        const other = await sandbox.gw("restore", "postgres", "--yes");
        expectCode(other, 2);
        expect(other.output).toContain("A restore of redis was begun and is not finished.");
        await gw("restore", "redis", "--undo", "--yes");
        expect(await redis("GET", "colour")).toBe("red");

        await killedAt("swap", backup);
        await gw("restore", "redis", "--at", backup, "--yes");
        expect(await redis("GET", "colour")).toBe("blue");
        await gw("restore", "redis", "--undo", "--yes");
        expect(await redis("GET", "colour")).toBe("red");
        const left = (await containersOf(STACK)).filter(({ name }) => name.includes("-restore-"));
        expect(left).toEqual([]);
        const cleared = await gw("restore", "redis", "--clear", "--yes");
        expect(cleared.stdout).toContain("redis keeps nothing of earlier restores");
        expect(await inside("redis", ["ls", "-A", "/data/.groundwork-restore"])).toBe("");
        expect(await redis("GET", "colour")).toBe("red");
        expectCode(await sandbox.gw("restore", "redis", "--undo", "--yes"), 1);
    });

    it("refuses what it does not have, before anything is touched", { timeout: 1_800_000 }, async () => {
        const unknown = await sandbox.gw("restore", "mongo", "--yes");
        expectCode(unknown, 2);
        expect(unknown.output).toContain("It backs up config, postgres, redis.");
        const foreign = await sandbox.gw("restore", "redis", "--table", "kept", "--yes");
        expectCode(foreign, 2);
        expect(foreign.output).toContain("which has no --table");
        expectCode(await sandbox.gw("restore", "redis"), 2);
    });

    it(
        "shows no secret in what the engine tells of containers, in their logs or on command lines",
        { timeout: 1_800_000 },
        async () => {
            expect(secrets.length).toBeGreaterThan(5);
            for (const { id, name } of await containersOf(STACK)) {
                const container = docker.getContainer(id);
                const logs = (await container.logs({ stdout: true, stderr: true })).toString("utf8");
                const { State: state } = await container.inspect();
                const processes = state.Running ? JSON.stringify(await container.top({ ps_args: "-ef" })) : "";
                const seen = [JSON.stringify(await container.inspect()), logs, processes].join("\n");
                expect(secrets.filter((secret) => seen.includes(secret)).length, name).toBe(0);
            }
        },
    );

    it("has nothing to change right after, and leaves nothing behind", { timeout: 1_800_000 }, async () => {
        expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
        expectCode(await sandbox.gw("destroy", "--yes"), 0);
        expect(await remains(STACK)).toEqual(NOTHING);
    });
});
