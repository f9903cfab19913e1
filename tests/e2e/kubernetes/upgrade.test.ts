/**
 * The stores of a running stack go to newer versions with what they hold, by the commands of docs/upgrades.md as they are written there.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { localImageRef } from "../../../images/local";
import { systemOf } from "../../../systems";
import { acknowledged, hostOf } from "../support/load";
import { ENGINE, expectCode } from "../support/sandbox";
import { run } from "./cluster/shell";
import type { Inventory } from "./support/inventory";
import { askPostgres } from "./support/postgres";
import type { Sandbox } from "./support/sandbox";
import { freshStack } from "./support/stack";
import { commandsUnder, runGuide } from "./upgrade/guide";
import { newerPostgres } from "./upgrade/newer-postgres";

const STACK = "e2e-k8s-upgrade";
const ROWS = 5000;
const MINUTE = 60_000;

describe(`a stack on Kubernetes whose stores are upgraded, ${ENGINE}`, () => {
    const system = systemOf("debt-os");
    let sandbox: Sandbox;
    let there: Inventory;

    const sql = (text: string): Promise<string> => askPostgres(there, "postgres-0", system.stores.postgres!, text);
    const redis = async (command: string): Promise<string> => {
        const script = `REDISCLI_AUTH="$(cat /run/secrets/REDIS_PASSWORD)" exec redis-cli ${command}`;
        return (await there.exec("redis-0", "sh", "-c", script)).trim();
    };
    /** What is in each table, in one word; of the items, those that no smoke test has written. */
    const contents = (): Promise<string[]> =>
        Promise.all(
            ["notes", "(SELECT * FROM items WHERE id = 'kept')", "schema_migrations"].map((table) =>
                sql(`SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t)) FROM ${table} t`),
            ),
        );
    const imageOf = (pod: string): Promise<string> =>
        there.kubectl("get", "pod", pod, "-o", "jsonpath={.spec.containers[0].image}");

    beforeAll(async () => {
        ({ sandbox, there } = await freshStack(STACK, system.key, 50));
        expectCode(await sandbox.gw("up", "--yes"), 0);
    }, 50 * MINUTE);
    afterAll(async () => {
        await there?.sweep();
        sandbox?.remove();
    }, 15 * MINUTE);

    it("takes Postgres to another major version with every row and index", { timeout: 40 * MINUTE }, async () => {
        const newer = await newerPostgres();
        await there.cluster.loadImages([newer]);
        const from = await sql("SHOW server_version_num");
        await sql("CREATE TABLE notes (id int PRIMARY KEY, text text, embedding vector(3))");
        await sql(
            `INSERT INTO notes SELECT n, md5(n::text), ARRAY[n % 7, n % 11, n % 13]::vector FROM generate_series(1, ${ROWS}) n`,
        );
        await sql("CREATE INDEX notes_embedding ON notes USING hnsw (embedding vector_l2_ops)");
        const item = { id: "kept", value: "from before" };
        await acknowledged(sandbox.edge, hostOf(system, "api"), "/api/items", item);
        const before = await contents();
        const started = Date.now();

        const images = { "postgres-pgvector": newer };
        const said = await runGuide(commandsUnder("Postgres, to another major version"), { sandbox, there, images });

        console.log(`Postgres is another major version after ${((Date.now() - started) / 1000).toFixed(0)} s`);
        expect(said).toMatch(/checks passed|0 failed/);
        const to = await sql("SHOW server_version_num");
        expect(Math.floor(Number(to) / 10_000)).toBeGreaterThan(Math.floor(Number(from) / 10_000));
        expect(await contents()).toEqual(before);
        expect(await sql("SELECT indexdef FROM pg_indexes WHERE indexname = 'notes_embedding'")).toContain("hnsw");
        expectCode(await sandbox.gw("up", "--yes"), 0);
        expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
        expect(await contents()).toEqual(before);
    });

    it("takes Redis to another image with what it holds", { timeout: 40 * MINUTE }, async () => {
        const newer = "groundwork.test/redis:newer";
        const dockerfile = `FROM ${localImageRef("redis-7-alpine")}\nLABEL version=newer`;
        await run("docker", ["build", "--quiet", "--tag", newer, "-"], { input: dockerfile });
        await there.cluster.loadImages([newer]);
        await redis("SET kept before");

        await runGuide(commandsUnder("Redis"), { sandbox, there, images: { "redis-7-alpine": newer } });

        expect(await imageOf("redis-0")).toBe(newer);
        expect(await redis("GET kept")).toBe("before");
        expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
    });
});
