/**
 * OpsHub's read replica and its pool of connections on a real cluster: what is written arrives, the policies let through what they should,
 * and after the loss of the primary's volume the replica takes its place. What was measured is printed.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { V1Pod } from "../../../packages/cli/src/kubernetes/types";
import { systemOf } from "../../../systems";
import { acknowledged, hostOf, load } from "../support/load";
import { ENGINE, expectCode } from "../support/sandbox";
import { waitFor } from "../support/wait";
import { crashed, type Inventory } from "./support/inventory";
import { askPostgres } from "./support/postgres";
import type { Sandbox } from "./support/sandbox";
import { freshStack } from "./support/stack";

const STACK = "e2e-k8s-replica";
const ITEMS = "/api/items";
const MINUTE = 60_000;

interface Claim {
    metadata: { name: string; namespace: string; labels: Record<string, string> };
    spec: { volumeName?: string };
}

describe(`a read replica of OpsHub's Postgres, on Kubernetes, ${ENGINE}`, () => {
    const system = systemOf("opshub");
    const host = hostOf(system, "api");
    let sandbox: Sandbox;
    let there: Inventory;

    /** What a statement answers in the pod of `postgres` or its replica. */
    const query = (service: string, sql: string): Promise<string> =>
        askPostgres(there, `${service}-0`, system.stores.postgres!, sql);
    const writes = (id: string) => acknowledged(sandbox.edge, host, ITEMS, { id, value: id });
    const idsOn = async (service: string) => (await query(service, "SELECT id FROM items")).split("\n");
    const arrives = (id: string) =>
        waitFor(async () => (await idsOn("postgres-replica")).includes(id), {
            what: `${id} on the replica`,
            seconds: 300,
        });
    const whole = (service: string) =>
        waitFor(() => there.isWhole(service), { what: `a ready ${service}`, seconds: 600 });
    const claimOf = (service: string) =>
        there.kubectl(
            ...["get", "pod", `${service}-0`, "-o"],
            "jsonpath={.spec.volumes[*].persistentVolumeClaim.claimName}",
        );
    const up = (postgres: Record<string, unknown>) => {
        sandbox.configure({ postgres: { readReplicas: 1, ...postgres } });
        return sandbox.gw("up", "--yes");
    };

    beforeAll(async () => {
        ({ sandbox, there } = await freshStack(STACK, "opshub", 60));
        expectCode(await up({}), 0);
    }, 50 * MINUTE);
    afterAll(async () => {
        if (!there) return;
        await there.sweep();
        sandbox.remove();
    }, 15 * MINUTE);

    it(
        "shows on the replica what was written on the primary, and takes no writes there",
        { timeout: 20 * MINUTE },
        async () => {
            await writes("first");
            console.log(`the replica had a row after ${((await arrives("first")) * 1000).toFixed(0)} ms`);
            await expect(query("postgres-replica", "DELETE FROM items")).rejects.toThrow(/read-only transaction/);
            expect(await query("postgres", "SELECT active, wal_status FROM pg_replication_slots")).toBe("t|reserved");
            expect(await query("postgres", "SELECT ssl FROM pg_stat_replication JOIN pg_stat_ssl USING (pid)")).toBe(
                "t",
            );
            expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
        },
    );

    it(
        "lets services reach the pooler and the replica, and not Postgres itself",
        { timeout: 20 * MINUTE },
        async (context) => {
            if (!there.cluster.networkPolicies) context.skip("this cluster's network does not enforce policies");
            const { name } = await there.readyPod("api");
            const reaches = async (target: string, port: number): Promise<boolean> => {
                const script = `const s = require("net").connect({ host: "${target}", port: ${port}, timeout: 3000 }); s.on("connect", () => process.exit(0)); s.on("timeout", () => process.exit(1)); s.on("error", () => process.exit(1));`;
                return there.exec(name, "node", "-e", script).then(
                    () => true,
                    () => false,
                );
            };
            // A busy node may take longer than one try.
            await expect.poll(() => reaches("pgbouncer", 6432)).toBe(true);
            await expect.poll(() => reaches("postgres-replica", 5432)).toBe(true);
            expect(await reaches("postgres", 5432)).toBe(false);
        },
    );

    it.each(["postgres", "postgres-replica"])(
        "goes on replicating after the pod of %s is gone",
        { timeout: 20 * MINUTE },
        async (service) => {
            const before = await there.readyPod(service);
            await there.kubectl("delete", "pod", before.name, "--grace-period=0", "--force");
            await writes(`after-${service}`);
            const seconds = await arrives(`after-${service}`);
            await whole(service);
            await whole("postgres-replica");
            expect((await there.readyPod(service)).uid).not.toBe(before.uid);
            console.log(`${service} gone: a row written after it was on the replica ${seconds.toFixed(1)} s later`);
        },
    );

    it(
        "takes a replica that does not stream out of its Service, and does not restart it",
        { timeout: 20 * MINUTE },
        async () => {
            const before = await there.readyPod("postgres-replica");
            await there.kubectl("scale", "statefulset/postgres", "--replicas=0");
            const ready = async () => (await there.pods("postgres-replica")).some((pod) => pod.ready);
            await waitFor(async () => !(await ready()), { what: "a replica that is not ready", seconds: 300 });
            expect((await idsOn("postgres-replica")).includes("first")).toBe(true);
            // It is not restarted for that: what would have it restarted finds it alive, unless the machine is too busy for it.
            const [pod] = await there.list<V1Pod>("pods", "--field-selector", `metadata.name=${before.name}`);
            const isAlive = pod!.spec!.containers[0]!.livenessProbe!.exec!.command!;
            const answers = () => there.exec(before.name, ...isAlive).then(() => true);
            await waitFor(answers, { what: "a replica that is alive", seconds: 300 });
            expect(await ready()).toBe(false);
            await there.kubectl("scale", "statefulset/postgres", "--replicas=1");
            await whole("postgres");
            await whole("postgres-replica");
            const after = await there.readyPod("postgres-replica");
            expect(after.uid).toBe(before.uid);
            expect(after.restarts > before.restarts && crashed(after)).toBe(false);
        },
    );

    describe("after the primary's volume is lost", () => {
        const [own, copy] = ["db-data-postgres-0", "db-data-replica-postgres-replica-0"];
        let replayed: string[] = [];

        it("makes no new claim and no new database beside the replica", { timeout: 20 * MINUTE }, async () => {
            expect([await claimOf("postgres"), await claimOf("postgres-replica")]).toEqual([own, copy]);
            await writes("before-the-load");
            const traffic = load(sandbox.edge, host, ITEMS, {
                everyMs: 40,
                limit: 500,
                write: (index) => ({ id: `load-${index}`, value: "x" }) as { id: string },
            });
            const arrived = async () => (await idsOn("postgres-replica")).filter((id) => id.startsWith("load-"));
            await waitFor(async () => (await arrived()).length > 40, {
                what: "40 writes on the replica",
                seconds: 240,
            });
            const claim = JSON.parse(await there.kubectl("get", "pvc", own!, "-o", "json")) as Claim;
            await there.kubectl("delete", "pvc", own!, "--wait=false");
            await there.kubectl("delete", "pod", "postgres-0", "--grace-period=0", "--force");
            await traffic.stop();
            const found = new Set(await idsOn("postgres-replica"));
            replayed = traffic.acknowledged.filter((id) => found.has(id));
            console.log(
                `${traffic.acknowledged.length} writes acknowledged, ${replayed.length} of them on the replica`,
            );
            expect(replayed.length).toBeGreaterThan(40);
            const isGone = async () =>
                (await there.kubectl("get", "pvc", own, "--ignore-not-found", "-o", "name")) === "";
            await waitFor(isGone, { what: "the end of the claim", seconds: 300 });
            // Its controller makes none in its place, as a template would.
            await new Promise((resolve) => setTimeout(resolve, 5_000));
            expect(await there.kubectl("get", "pvc", own, "--ignore-not-found", "-o", "name")).toBe("");
            // And if somebody does, nothing is made on it.
            await there.cluster.apply([anew(claim)], "--server-side");
            const refuses = async () =>
                (await there.kubectl("logs", "postgres-0", "--previous")).includes(
                    "this volume is empty, and postgres-replica holds the database",
                );
            await waitFor(refuses, { what: "a primary that refuses to start", seconds: 600 });
            expect(await idsOn("postgres-replica")).toEqual(expect.arrayContaining(replayed));
        });

        it(
            "serves again once the replica is promoted, with every row that it had",
            { timeout: 20 * MINUTE },
            async () => {
                expectCode(await sandbox.gw("refresh", "--yes"), 0);
                const result = await up({ primaryVolume: "db-data-replica" });
                expectCode(result, 0);
                const seconds = await writes("promoted");
                console.log(
                    `promoted in ${(result.seconds + seconds).toFixed(1)} s from the command to the first write`,
                );
                expect([await claimOf("postgres"), await claimOf("postgres-replica")]).toEqual([copy, own]);
                expect(await query("postgres", "SELECT pg_is_in_recovery()")).toBe("f");
                expect(await idsOn("postgres")).toEqual(
                    expect.arrayContaining([...replayed, "first", "after-postgres"]),
                );
                await arrives("promoted");
                expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
                expectCode(await sandbox.gw("smoke"), 0);
            },
        );

        it("lets a former primary's volume be nothing but a replica's", { timeout: 20 * MINUTE }, async () => {
            // Stopped, as the procedure asks, so that the replica has all of it.
            await there.kubectl("scale", "statefulset/postgres", "--replicas=0");
            await waitFor(async () => (await there.pods("postgres")).length === 0, {
                what: "the end of the primary",
                seconds: 300,
            });
            expectCode(await up({ primaryVolume: "db-data" }), 0);
            await writes("switched-back");
            await arrives("switched-back");
            expect(await query("postgres", "SELECT timeline_id FROM pg_control_checkpoint()")).toBe("3");
            expect(await idsOn("postgres")).toEqual(expect.arrayContaining([...replayed, "promoted"]));
            expect(await query("postgres-replica", "SELECT pg_is_in_recovery()")).toBe("t");
            const kept = await there.exec("postgres-replica-0", "ls", "/var/lib/postgresql/data");
            expect(kept).toMatch(/^former-\d+T\d+Z$/m);
        });
    });
});

/** The same claim as it was made, without the volume that it had. */
function anew({ metadata, spec }: Claim): object {
    const { name, namespace, labels } = metadata;
    const { volumeName: _gone, ...rest } = spec;
    return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace, labels }, spec: rest };
}
