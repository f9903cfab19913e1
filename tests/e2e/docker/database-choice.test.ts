/** MCP Project Manager on Postgres, which its stack chooses instead of SQLite, on a real Docker engine. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { systemOf } from "../../../systems";
import { ENGINE, expectCode } from "../support/sandbox";
import { missingDocker, needsDocker, NOTHING, remains, servicesOf, sweep } from "./support/docker";
import { PostgresProbe } from "./support/postgres";
import { Sandbox } from "./support/sandbox";

const STACK = "e2e-database";

describe(`project-manager with database: postgres, ${ENGINE}`, () => {
    needsDocker();
    const sandbox = new Sandbox(STACK, "project-manager", 70);
    const { postgres } = systemOf("project-manager", "postgres").stores;

    beforeAll(async () => {
        sandbox.configure({ database: "postgres" });
        if (!(await missingDocker())) await sweep(STACK);
    });
    afterAll(async () => {
        if (!(await missingDocker())) await sweep(STACK);
        sandbox.remove();
    });

    it("comes up with Postgres and without SQLite, its schema made", { timeout: 1_800_000 }, async () => {
        expectCode(await sandbox.gw("up", "--yes"), 0);
        const services = (await servicesOf(STACK)).map((each) => `${each.service} ${each.health}`);
        expect(services.sort()).toEqual(
            ["backend", "caddy", "frontend", "postgres", "redis"].map((name) => `${name} healthy`),
        );
        expect((await remains(STACK)).volumes.filter((name) => name.includes("sqlite"))).toEqual([]);
        const tables = "SELECT count(*) FROM pg_tables WHERE tablename IN ('tasks', 'audit_logs')";
        const seen = await new PostgresProbe(STACK, postgres!).query(tables, { host: "127.0.0.1", sslmode: "disable" });
        expect(seen.stdout.trim()).toBe("2");
    });

    it("passes every smoke check, with a write that is read back from Postgres", { timeout: 1_800_000 }, async () => {
        const result = await sandbox.gw("smoke", "--json");
        expectCode(result, 0);
        const { checks } = JSON.parse(result.stdout) as { checks: { name: string; status: string }[] };
        expect(checks).toContainEqual(expect.objectContaining({ name: "write to postgres", status: "passed" }));
    });

    it("has nothing to do on a second preview", { timeout: 1_800_000 }, async () => {
        expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
    });

    it("leaves nothing on destroy", { timeout: 1_800_000 }, async () => {
        expectCode(await sandbox.gw("destroy", "--yes"), 0);
        expect(await remains(STACK)).toEqual(NOTHING);
    });
});
