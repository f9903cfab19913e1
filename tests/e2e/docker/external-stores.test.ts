/** DEBT-OS on a Postgres with TLS and a Redis that somebody else runs, on a real Docker engine. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Crypter } from "../../../packages/engine/src/crypto";
import { systemOf } from "../../../systems";
import { ask, hostOf } from "../support/load";
import { ENGINE, expectCode } from "../support/sandbox";
import { missingDocker, needsDocker, NOTHING, remains, servicesOf, sweep } from "./support/docker";
import { Outside, REDIS_PASSWORD, ROLE } from "./support/outside";
import { Sandbox } from "./support/sandbox";

const STACK = "e2e-external";
const PASSPHRASE = "a passphrase of this test";

interface Smoke {
    passed: boolean;
    checks: { name: string; status: string; detail: string }[];
}

describe(`debt-os on stores that somebody else runs, ${ENGINE}`, () => {
    needsDocker();
    const sandbox = new Sandbox(STACK, "debt-os", 80);
    let outside: Outside;

    /** @param authority who the stack is told vouches for Postgres */
    async function configure(authority: string): Promise<void> {
        const crypter = await Crypter.create(PASSPHRASE);
        const { address } = outside;
        const ports = await outside.ports();
        const secrets = {
            POSTGRES_PASSWORD: ROLE.password,
            REDIS_PASSWORD,
            POSTGRES_CA_CERTIFICATE: authority,
        };
        sandbox.environment = { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
        sandbox.encryptionSalt = crypter.salt;
        sandbox.configure({
            secrets: Object.fromEntries(
                Object.entries(secrets).map(([name, value]) => [name, { secure: crypter.encrypt(value) }]),
            ),
            stores: {
                postgres: {
                    mode: "external",
                    host: address,
                    port: ports.postgres,
                    user: ROLE.user,
                    database: ROLE.database,
                    tls: "verify-full",
                },
                redis: { mode: "external", host: address, port: ports.redis, tls: false },
            },
        });
    }

    beforeAll(async () => {
        if (await missingDocker()) return;
        await sweep(STACK);
        outside = await Outside.start();
        await configure(await outside.authority());
    }, 600_000);
    afterAll(async () => {
        if (!(await missingDocker())) {
            await sweep(STACK);
            await Outside.sweep();
        }
        sandbox.remove();
    }, 900_000);

    it(
        "comes up with its migrations applied there, and with nothing of the stores here",
        { timeout: 600_000 },
        async () => {
            expectCode(await sandbox.gw("up", "--yes"), 0);
            const services = (await servicesOf(STACK)).map((each) => `${each.service} ${each.health}`);
            expect(services.sort()).toEqual(["api healthy", "caddy healthy", "worker healthy"]);
            const { volumes, networks } = await remains(STACK);
            expect(volumes.filter((name) => /-(postgres|redis)-data$/.test(name))).toEqual([]);
            expect(networks.sort()).toEqual([`gw-${STACK}-edge`, `gw-${STACK}-egress`]);
            const tables = "SELECT count(*) FROM pg_tables WHERE tablename = 'schema_migrations'";
            expect(await outside.sql(tables, ROLE.database)).toBe("1");
        },
    );

    it(
        "passes every smoke check, with writes that are read back from both stores",
        { timeout: 1_800_000 },
        async () => {
            const result = await sandbox.gw("smoke", "--json");
            expectCode(result, 0);
            const { checks } = JSON.parse(result.stdout) as Smoke;
            expect(checks.filter(({ status }) => status !== "passed")).toEqual([]);
            expect(checks.map(({ name }) => name)).toEqual(
                expect.arrayContaining(["write to postgres", "write to redis"]),
            );
            expect(await outside.sql("SELECT value FROM items WHERE id = 'gw-smoke'", ROLE.database)).toMatch(/run/);
            expect(await outside.redisKeys("cache:*")).toBe("cache:gw-smoke");
        },
    );

    it("connects to that Postgres with TLS alone", { timeout: 1_800_000 }, async () => {
        const connections = `FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE usename = '${ROLE.user}'`;
        const seen = async (): Promise<string> => {
            // Connections that nobody uses are given back after a while.
            await ask(sandbox.edge, hostOf(systemOf("debt-os"), "api"), "/api/items?count=1");
            return outside.sql(`SELECT count(*) > 0, bool_and(ssl) ${connections}`);
        };
        await expect.poll(seen).toBe("t|t");
    });

    it("is healthy for gw status, and has nothing to do on a second preview", { timeout: 1_800_000 }, async () => {
        expectCode(await sandbox.gw("status"), 0);
        expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
    });

    it("leaves the external data alone on destroy, and nothing here", { timeout: 1_800_000 }, async () => {
        // What the smoke test wrote is kept for five minutes only.
        await outside.redisKeep("kept");
        expectCode(await sandbox.gw("destroy", "--yes"), 0);
        expect(await remains(STACK)).toEqual(NOTHING);
        expect(await outside.sql("SELECT count(*) FROM items", ROLE.database)).toBe("1");
        expect(await outside.redisKeys("kept")).toBe("kept");
    });

    it("does not come up on a Postgres that nobody vouches for whom it knows", { timeout: 1_800_000 }, async () => {
        const other = await outside.authority();
        await Outside.sweep();
        outside = await Outside.start();
        await configure(other);
        const result = await sandbox.gw("up", "--yes");
        expect(result.code).toBe(1);
        expect(result.output).toContain("certificate verify failed");
        expect((await servicesOf(STACK)).map(({ service }) => service)).not.toContain("api");
    });
});
