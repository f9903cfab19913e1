/**
 * OpsHub's read replica and its pool of connections, on a real Docker engine: what is written arrives, crashes are survived, and after the
 * loss of the primary's volume the replica takes its place. What was measured is printed.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { execIn } from "../../../packages/cli/src/docker/exec";
import { systemOf } from "../../../systems";
import { acknowledged, hostOf, load } from "../support/load";
import { ENGINE, expectCode } from "../support/sandbox";
import { waitFor } from "../support/wait";
import { docker, killMain, missingDocker, needsDocker, NOTHING, remains, servicesOf, sweep } from "./support/docker";
import { PostgresProbe } from "./support/postgres";
import { Sandbox } from "./support/sandbox";

const STACK = "e2e-replica";
const ITEMS = "/api/items";
const MINUTE = 60_000;

describe(`a read replica of OpsHub's Postgres, on Docker, ${ENGINE}`, () => {
    needsDocker();
    const system = systemOf("opshub");
    const store = system.stores.postgres!;
    const sandbox = new Sandbox(STACK, "opshub", 75);
    const primary = new PostgresProbe(STACK, store);
    const replica = new PostgresProbe(STACK, store, "postgres-replica");
    const api = hostOf(system, "api");

    const configure = (postgres: Record<string, unknown>) => {
        sandbox.configure({ postgres, backup: { enabled: true } });
    };
    /** The toolbox of the stack. */
    const backup = async (...args: string[]) => {
        const found = (await servicesOf(STACK)).find(({ service }) => service === "backup");
        const { exitCode, stdout, stderr } = await execIn(docker, found!.id, ["backup", ...args], 10 * MINUTE);
        expect(exitCode, stderr).toBe(0);
        return stdout;
    };
    const written = (id: string) => acknowledged(sandbox.edge, api, ITEMS, { id, value: id });
    const idsOn = async (probe: PostgresProbe) => (await probe.ask("SELECT id FROM items")).split("\n");
    const arrives = (id: string) =>
        waitFor(async () => (await idsOn(replica)).includes(id), { what: `${id} on the replica`, seconds: 600 });
    const logOf = async (probe: PostgresProbe) => {
        const { id } = await probe.container();
        return (await docker.getContainer(id).logs({ stdout: true, stderr: true })).toString();
    };

    beforeAll(async () => {
        if (await missingDocker()) return;
        await sweep(STACK);
        configure({ readReplicas: 1 });
        expectCode(await sandbox.gw("up", "--yes"), 0);
    }, 30 * MINUTE);
    afterAll(async () => {
        if (!(await missingDocker())) await sweep(STACK);
        sandbox.remove();
    }, 10 * MINUTE);

    it("shows on the replica what was written on the primary, and takes no writes there", async () => {
        await written("first");
        console.log(`the replica had a row after ${((await arrives("first")) * 1000).toFixed(0)} ms`);
        await expect(replica.ask("DELETE FROM items")).rejects.toThrow(/read-only transaction/);
        const slot = "FROM pg_replication_slots WHERE slot_name = 'postgres_replica'";
        expect(await primary.ask(`SELECT active, wal_status ${slot}`)).toBe("t|reserved");
        expect(await primary.ask("SELECT ssl FROM pg_stat_replication JOIN pg_stat_ssl USING (pid)")).toBe("t");
    });

    it("lets nobody replicate but the role that is for it, and that role do nothing else", async () => {
        const connect = (probe: PostgresProbe, secret: string, words: string) =>
            probe.shell(
                `PGPASSWORD="$(cat /run/secrets/${secret})" psql "host=postgres ${words}" -c "IDENTIFY_SYSTEM"`,
            );
        const admin = await connect(primary, "POSTGRES_PASSWORD", "user=opshub sslmode=require replication=true");
        expect(admin.stderr).toContain("no pg_hba.conf entry for replication connection");
        const bare = await connect(replica, "REPLICATION_PASSWORD", "user=replicator sslmode=disable replication=true");
        expect(bare.stderr).toContain("no pg_hba.conf entry for replication connection");
        const reader = await connect(replica, "REPLICATION_PASSWORD", "user=replicator sslmode=require dbname=opshub");
        expect(reader.stderr).toContain("pg_hba.conf rejects connection");
        const own = await connect(replica, "REPLICATION_PASSWORD", "user=replicator sslmode=require replication=true");
        expect(own.exitCode).toBe(0);
    });

    it("has no password in what the engine shows, nor in any log", async () => {
        const password = (await replica.shell("cat /run/secrets/REPLICATION_PASSWORD")).stdout.trim();
        expect(password).toHaveLength(32);
        for (const probe of [primary, replica]) {
            const { id } = await probe.container();
            expect(JSON.stringify(await docker.getContainer(id).inspect())).not.toContain(password);
            expect(await logOf(probe)).not.toContain(password);
        }
    });

    it.each([
        ["primary", primary],
        ["replica", replica],
    ] as const)("goes on replicating after the %s is killed", { timeout: 15 * MINUTE }, async (name, probe) => {
        const { id } = await probe.container();
        await killMain(id);
        await written(`after-${name}`);
        const seconds = await arrives(`after-${name}`);
        await replica.healthy();
        console.log(`${name} killed: a row written after it was on the replica ${seconds.toFixed(1)} s later`);
    });

    it(
        "makes another copy, and says so, when the primary has no log for it any more",
        { timeout: 15 * MINUTE },
        async () => {
            const container = docker.getContainer((await replica.container()).id);
            await container.stop();
            // Its server notices a moment later that nobody reads it any more.
            const drop = "SELECT pg_drop_replication_slot('postgres_replica')";
            const isDropped = () => primary.ask(drop).then(() => true);
            await waitFor(isDropped, { what: "a slot that is dropped", seconds: 120 });
            await written("while-away");
            await container.start();
            const seconds = await arrives("while-away");
            await replica.healthy();
            expect(await logOf(replica)).toContain("the primary has no log for this copy any more; making another");
            console.log(`slot lost: streaming from a new copy after ${seconds.toFixed(1)} s`);
        },
    );

    it(
        "makes another copy when the whole cluster is restored, which begins a new timeline",
        { timeout: 15 * MINUTE },
        async () => {
            await backup("run", "postgres", "--tier", "hourly-for-rpo");
            await written("after-the-backup");
            await arrives("after-the-backup");
            expectCode(await sandbox.gw("restore", "postgres", "--yes"), 0);
            await written("after-the-restore");
            await arrives("after-the-restore");
            await replica.healthy();
            expect(await primary.ask("SELECT timeline_id FROM pg_control_checkpoint()")).toBe("2");
            expect(await idsOn(replica)).toContain("after-the-backup");
        },
    );

    it(
        "holds 20 connections to Postgres while 100 clients work, and fails none of them",
        { timeout: 15 * MINUTE },
        async () => {
            // All in the container, since asking it from outside takes longer than the pool is busy.
            const script = [
                "cd /tmp && echo 'SELECT pg_sleep(0.01);' >work.sql",
                'export PGPASSWORD="$(cat /run/secrets/POSTGRES_PASSWORD)" PGSSLMODE=require PGUSER=opshub PGDATABASE=opshub',
                "pgbench -h pgbouncer -p 6432 -n -M prepared -c 100 -j 2 -t 100 -f work.sql >work.log 2>&1 & work=$!",
                "pool=$(getent hosts pgbouncer | cut -d' ' -f1)",
                "while kill -0 $work; do psql -h 127.0.0.1 -XAtc \"SELECT 'seen ' || count(*) FROM pg_stat_activity WHERE client_addr = '$pool'\"; sleep 0.2; done",
                "cat work.log",
            ].join("\n");
            const { stdout } = await primary.shell(script, 10 * MINUTE);
            const seen = [...stdout.matchAll(/^seen (\d+)$/gm)].map((match) => Number(match[1]));
            expect(stdout).toContain("number of transactions actually processed: 10000/10000");
            expect(stdout).toContain("number of failed transactions: 0 ");
            expect(Math.max(...seen)).toBe(20);
            console.log(
                `${seen.length} looks, at most ${Math.max(...seen)} connections; ${/tps = .*/.exec(stdout)?.[0]}`,
            );
        },
    );

    describe("after the primary's volume is lost", () => {
        /** What the replica has of what was acknowledged. */
        let replayed: string[] = [];

        it("still reads from the replica, and makes no new database beside it", { timeout: 15 * MINUTE }, async () => {
            const traffic = load(sandbox.edge, api, ITEMS, {
                everyMs: 10,
                limit: 1_000,
                write: (index) => ({ id: `load-${index}`, value: "x" }) as { id: string },
            });
            const arrived = async () => (await idsOn(replica)).filter((id) => id.startsWith("load-")).length > 100;
            await waitFor(arrived, { what: "100 writes on the replica", seconds: 240 });
            // The toolbox reads it beside its server.
            for (const each of await servicesOf(STACK))
                if (["postgres", "backup"].includes(each.service))
                    await docker.getContainer(each.id).remove({ force: true });
            await docker.getVolume(`gw-${STACK}-db-data`).remove();
            await traffic.stop();
            const there = new Set(await idsOn(replica));
            replayed = traffic.acknowledged.filter((each) => there.has(each));
            console.log(
                `${traffic.acknowledged.length} writes acknowledged, ${replayed.length} of them on the replica`,
            );
            expect(replayed.length).toBeGreaterThan(50);
            const refused = await sandbox.gw("up", "--yes");
            expect(refused.code).not.toBe(0);
            expect(refused.output).toContain("this volume is empty, and postgres-replica holds the database");
            expect(refused.output).toContain("groundwork:postgres.primaryVolume");
            expect(await idsOn(replica)).toEqual(expect.arrayContaining(replayed));
        });

        it(
            "serves again once the replica is promoted, with every row that it had",
            { timeout: 15 * MINUTE },
            async () => {
                configure({ readReplicas: 1, primaryVolume: "db-data-replica" });
                const result = await sandbox.gw("up", "--yes");
                expectCode(result, 0);
                const seconds = await written("promoted");
                console.log(
                    `promoted in ${(result.seconds + seconds).toFixed(1)} s from the command to the first write`,
                );
                expect(await primary.ask("SELECT pg_is_in_recovery()")).toBe("f");
                expect(await idsOn(primary)).toEqual(expect.arrayContaining([...replayed, "first", "while-away"]));
                await arrives("promoted");
                // Of the volume that is the primary's now.
                const id = (await backup("run", "postgres", "--tier", "hourly-for-rpo")).trim();
                await backup("restore", "postgres", "--at", id, "--database", "opshub", "--into", "proven");
                expect(await primary.ask("SELECT count(*) FROM pg_database WHERE datname = 'proven'")).toBe("1");
                await primary.ask("DROP DATABASE proven");
                expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
                expectCode(await sandbox.gw("smoke"), 0);
            },
        );

        it("lets a former primary's volume be nothing but a replica's", { timeout: 15 * MINUTE }, async () => {
            // Stopped, as the procedure asks, so that the replica has all of it.
            await docker.getContainer((await primary.container()).id).stop({ t: 60 });
            configure({ readReplicas: 1, primaryVolume: "db-data" });
            expectCode(await sandbox.gw("up", "--yes"), 0);
            console.log(`switched back: a write after ${(await written("switched-back")).toFixed(1)} s`);
            await arrives("switched-back");
            expect(await primary.ask("SELECT timeline_id FROM pg_control_checkpoint()")).toBe("4");
            expect(await idsOn(primary)).toEqual(expect.arrayContaining([...replayed, "promoted"]));
            expect(await replica.ask("SELECT pg_is_in_recovery()")).toBe("t");
            expect(await logOf(replica)).toContain("this volume was a primary's: its data directory is kept as");
            expect((await replica.shell("ls /var/lib/postgresql/data")).stdout).toMatch(/^former-\d+T\d+Z$/m);
            expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
        });

        it("leaves nothing on destroy", { timeout: 15 * MINUTE }, async () => {
            expectCode(await sandbox.gw("destroy", "--yes"), 0);
            expect(await remains(STACK)).toEqual(NOTHING);
        });
    });
});
