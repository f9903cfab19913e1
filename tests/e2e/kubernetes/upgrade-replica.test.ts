/** OpsHub's Postgres goes to another major version with its read replica, by the commands of docs/upgrades.md as they are written there. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { systemOf } from "../../../systems";
import { acknowledged, hostOf } from "../support/load";
import { ENGINE, expectCode } from "../support/sandbox";
import { waitFor } from "../support/wait";
import type { Inventory } from "./support/inventory";
import { askPostgres } from "./support/postgres";
import type { Sandbox } from "./support/sandbox";
import { freshStack } from "./support/stack";
import { commandsUnder, runGuide } from "./upgrade/guide";
import { newerPostgres } from "./upgrade/newer-postgres";

const STACK = "e2e-k8s-upgrade-replica";
const MINUTE = 60_000;

describe(`OpsHub on Kubernetes whose Postgres is upgraded, ${ENGINE}`, () => {
    const system = systemOf("opshub");
    let sandbox: Sandbox;
    let there: Inventory;

    const query = (service: string, sql: string): Promise<string> =>
        askPostgres(there, `${service}-0`, system.stores.postgres!, sql);
    const write = (id: string) => acknowledged(sandbox.edge, hostOf(system, "api"), "/api/items", { id, value: id });
    const arrives = (id: string) =>
        waitFor(async () => (await query("postgres-replica", "SELECT id FROM items")).split("\n").includes(id), {
            what: `${id} on the replica`,
            seconds: 300,
        });

    beforeAll(async () => {
        ({ sandbox, there } = await freshStack(STACK, system.key, 62));
        sandbox.configure({ postgres: { readReplicas: 1 } });
        expectCode(await sandbox.gw("up", "--yes"), 0);
        // As the guide has it in prod, once the stack is up.
        sandbox.configure({ postgres: { readReplicas: 1, primaryVolume: "db-data" } });
        expectCode(await sandbox.gw("up", "--yes"), 0);
    }, 50 * MINUTE);
    afterAll(async () => {
        await there?.sweep();
        sandbox?.remove();
    }, 15 * MINUTE);

    it(
        "takes primary and replica to another major version, and every row along",
        { timeout: 40 * MINUTE },
        async () => {
            const newer = await newerPostgres();
            await there.cluster.loadImages([newer]);
            const from = Number(await query("postgres", "SHOW server_version_num"));
            await write("kept");
            await arrives("kept");

            const commands = commandsUnder("Postgres with a read replica, to another major version");
            const said = await runGuide(commands, { sandbox, there, images: { "postgres-15": newer } });

            expect(said).toMatch(/checks passed|0 failed/);
            for (const service of ["postgres", "postgres-replica"]) {
                const to = Number(await query(service, "SHOW server_version_num"));
                expect(Math.floor(to / 10_000)).toBeGreaterThan(Math.floor(from / 10_000));
            }
            await arrives("kept");
            await write("new");
            await arrives("new");
            expect(await query("postgres-replica", "SELECT pg_is_in_recovery()")).toBe("t");
            // The names are as they were, and nothing is left to whoever typed the commands.
            expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
            sandbox.configure({
                postgres: { readReplicas: 1, primaryVolume: "db-data" },
                images: { overrides: { "postgres-15": newer } },
                services: { worker: { replicas: 2 } },
            });
            expectCode(await sandbox.gw("up", "--yes"), 0);
        },
    );
});
