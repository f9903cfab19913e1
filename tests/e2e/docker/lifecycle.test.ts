/** The life of each system's stack on a real Docker engine, from nothing to nothing, and what it survives in between. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { systemOf } from "../../../systems";
import { SYSTEM_KEYS } from "../../../systems/types";
import { ask, breakOff, hostOf, load, PATIENCE_MS } from "../support/load";
import { expectNothingToDo, expectSmokePassed } from "../support/promises";
import { ENGINE, expectCode } from "../support/sandbox";
import { recovers, writeRecoveries } from "./lifecycle/recovery";
import { brokenImage } from "./support/broken-image";
import { missingDocker, needsDocker, NOTHING, remains, type Seen, servicesOf, sweep } from "./support/docker";
import { PostgresProbe } from "./support/postgres";
import { Sandbox } from "./support/sandbox";

describe.each(SYSTEM_KEYS)(`%s on Docker, ${ENGINE}`, (key) => {
    needsDocker();
    const system = systemOf(key);
    const backend = system.services.find((service) => service.role === "backend")!;
    const stack = `e2e-${key}`;
    const sandbox = new Sandbox(stack, key, SYSTEM_KEYS.indexOf(key));
    const host = hostOf(system, backend.name);

    beforeAll(async () => {
        if (!(await missingDocker())) await sweep(stack);
    });
    afterAll(async () => {
        if (!(await missingDocker())) await sweep(stack);
        sandbox.remove();
    });

    it("comes up with every container healthy", { timeout: 1_800_000 }, async () => {
        expectCode(await sandbox.gw("up", "--yes"), 0);
        const seen = await servicesOf(stack);
        const stores = ["postgres", "redis", "memgraph"].filter((store) => store in system.stores);
        const pooler = system.stores.postgres?.pooler ? ["pgbouncer"] : [];
        const expected = ["caddy", ...stores, ...pooler, ...system.services.map((service) => service.name)].sort();
        expect([...new Set(seen.map((each) => each.service))].sort()).toEqual(expected);
        expect(seen.map((each) => `${each.service} ${each.state} ${each.health}`)).toEqual(
            seen.map((each) => `${each.service} running healthy`),
        );
    });

    it("passes every smoke check through its edge", { timeout: 600_000 }, async () => {
        expectSmokePassed(await sandbox.gw("smoke", "--json"));
    });

    it("has nothing to do on a second preview", { timeout: 600_000 }, async () => {
        expectNothingToDo(await sandbox.gw("preview", "--json"), 10);
    });

    const { postgres } = system.stores;
    if (postgres?.tls) {
        it(
            "takes connections over the network with TLS alone, and keeps its certificate over a restart",
            { timeout: 600_000 },
            async () => {
                const probe = new PostgresProbe(stack, postgres);
                const network = { host: "postgres", sslmode: "require" } as const;
                expect((await probe.query("SHOW ssl", network)).stdout.trim()).toBe("on");
                // Everybody's, the services' own among them.
                const plain =
                    "SELECT ssl, count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL GROUP BY ssl";
                expect((await probe.query(plain, network)).stdout.trim()).toMatch(/^t\|\d+$/);
                const refused = await probe.query("SELECT 1", { ...network, sslmode: "disable" });
                expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
                expect(refused.stderr).toContain("no encryption");

                const file = "/var/lib/postgresql/data/tls/server.pem";
                const look = `stat -c '%a %U' ${file} && openssl x509 -in ${file} -noout -fingerprint -sha256`;
                const seen = await probe.shell(look);
                expect(seen.stdout).toMatch(/^600 postgres\nsha256 Fingerprint=/);
                await probe.restart();
                expect((await probe.shell(look)).stdout).toBe(seen.stdout);
            },
        );
    }

    it("answers at once while other clients break their uploads off", { timeout: 300_000 }, async () => {
        await Promise.all(Array.from({ length: 10 }, () => breakOff(sandbox.edge, host, "/api/items")));
        const { path } = system.smoke.health;
        const answer = await ask(sandbox.edge, host, path, { timeoutMs: PATIENCE_MS });
        expect(answer.status).toBeLessThan(500);
    });

    recovers(system, sandbox);

    it("changes exactly one container when one limit changes", { timeout: 900_000 }, async () => {
        const before = await servicesOf(stack);
        const limit = { services: { [backend.name]: { resources: { memoryLimitMiB: 768 } } } };
        sandbox.configure(limit);
        const preview = await sandbox.gw("preview", "--json");
        const changed = (JSON.parse(preview.stdout) as { steps: { op: string; urn: string }[] }).steps.filter(
            (step) => !["same"].includes(step.op),
        );
        expect(changed.map((step) => `${step.op} ${step.urn.split("::").at(-1)}`)).toEqual([
            expect.stringMatching(`^update gw-${stack}-${backend.name}-0$`),
        ]);
        expectCode(await sandbox.gw("up", "--yes"), 0);
        const after = await servicesOf(stack);
        const untouched = (list: Seen[]): string[] =>
            list.filter((each) => each.service !== backend.name).map((each) => `${each.id} ${each.startedAt}`);
        expect(untouched(after)).toEqual(untouched(before));
        expect(after).toHaveLength(before.length);
    });

    it(
        "keeps serving when a new image is broken, and shows the container's last words",
        { timeout: 900_000 },
        async () => {
            const image = await brokenImage("the flux capacitor is missing", backend.image);
            sandbox.configure({
                services: { [backend.name]: { resources: { memoryLimitMiB: 768 } } },
                images: { overrides: { [backend.image]: image } },
            });
            const traffic = load(sandbox.edge, host, system.smoke.health.path, { everyMs: 100, limit: 3_000 });
            const result = await sandbox.gw("up", "--yes");
            await traffic.stop();
            expectCode(result, 1);
            expect(result.output).toContain("the flux capacitor is missing");
            expect(traffic.failed).toEqual([]);
            expect(traffic.acknowledged.length).toBeGreaterThan(5);
            expectCode(await sandbox.gw("smoke"), 0);
        },
    );

    it("leaves no container, network, volume or state file on destroy", { timeout: 900_000 }, async () => {
        expectCode(await sandbox.gw("destroy", "--yes"), 0);
        expect(await remains(stack)).toEqual(NOTHING);
        const kept = readdirSync(join(sandbox.directory, ".groundwork/state")).filter((file) => !file.startsWith("."));
        expect(kept).toEqual([]);
    });
});

afterAll(writeRecoveries);
