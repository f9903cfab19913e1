/**
 * Stacks whose Postgres CloudNativePG runs, with the operator itself on a real cluster. Its images are made of the pinned module's program
 * and of the tree's own Postgres, so that this cannot prove that the project's images work.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { Crypter } from "../../../packages/engine/src/crypto";
import { SYSTEMS, systemOf } from "../../../systems";
import { SYSTEM_KEYS } from "../../../systems/types";
import { allGiven } from "../../unit/components/fixtures";
import { ENGINE, expectCode } from "../support/sandbox";
import { waitFor } from "../support/wait";
import { type Cluster, ensureCluster } from "./cluster/cluster";
import { installOperator, postgresImage, removeOperator } from "./support/cloudnative-pg";
import { Inventory } from "./support/inventory";
import { Sandbox } from "./support/sandbox";

const STACK = "e2e-cnpg";
const PASSPHRASE = "of these tests";
/** With the database that has to be chosen, where the system's own is another. */
const WITH_POSTGRES = SYSTEM_KEYS.filter((key) => systemOf(key, "postgres").stores.postgres);

interface Step {
    op: string;
    urn: string;
}

let cluster: Cluster;
let image: string;
let apiServer: string[];
/** Somebody else's cluster may have an operator of its own, which this one would take the place of. */
const FOREIGN = "the cluster is not of these tests' own, and may have an operator already";

beforeAll(async () => {
    cluster = await ensureCluster();
    if (!cluster.ours) return;
    // Of a run that was interrupted: the first test wants a cluster without it.
    await new Inventory(cluster, STACK).sweep();
    await removeOperator(cluster);
    image = await postgresImage();
    await cluster.loadImages([image]);
    const addresses = ["jsonpath={.subsets[*].addresses[*].ip}", "jsonpath={.spec.clusterIPs[*]}"];
    const found = await Promise.all(
        ["endpoints", "service"].map((kind, at) =>
            cluster.kubectl("get", kind, "kubernetes", "-n", "default", "-o", addresses[at]!),
        ),
    );
    apiServer = found.flatMap((text) => text.split(/\s+/).filter(Boolean)).map((address) => `${address}/32`);
}, 1_800_000);

beforeEach((context) => {
    if (!cluster.ours) context.skip(FOREIGN);
});

afterAll(async () => {
    if (cluster?.ours) await removeOperator(cluster);
}, 1_800_000);

const postgres = (more: object = {}) => ({ stores: { postgres: { mode: "operator", apiServer, ...more } } });
describe(`opshub on two servers of CloudNativePG, ${ENGINE}`, () => {
    let sandbox: Sandbox;
    let there: Inventory;
    const query = async (server: string, sql: string): Promise<string> => {
        const psql = ["psql", "-d", "opshub", "-tAc", sql];
        return (await there.kubectl("exec", server, "-c", "postgres", "--", ...psql)).trim();
    };
    /** The operator's pods are in no Deployment and no StatefulSet. */
    const allReady = () =>
        waitFor(async () => (await there.pods()).every(({ ready }) => ready), { what: "ready pods", seconds: 300 });
    const primary = () => there.kubectl("get", "cluster", "postgres", "-o", "jsonpath={.status.currentPrimary}");

    beforeAll(async () => {
        if (!cluster.ours) return;
        sandbox = new Sandbox(cluster, STACK, "opshub", 95);
        there = new Inventory(cluster, STACK);
        const overrides = { images: { source: "local", overrides: { "cloudnative-pg-15": image } } };
        sandbox.configure({ ...overrides, ...postgres({ instances: 2 }) });
        await sandbox.loadImages();
    }, 1_800_000);
    afterAll(async () => {
        await there?.sweep();
        sandbox?.remove();
    }, 1_800_000);

    it("is refused before anything is made where the operator is not installed", { timeout: 1_800_000 }, async () => {
        for (const command of [["preview"], ["up", "--yes"]]) {
            const result = await sandbox.gw(...command);
            expect(result.code).toBe(1);
            expect(result.output).toContain("the cluster has no Cluster in postgresql.cnpg.io/v1");
            expect(result.output).toContain("Install CloudNativePG 1.26 or newer");
        }
        expect(await there.outside()).toEqual([]);
        expect((await sandbox.gw("doctor")).output).toContain("cloudnative-pg");
    });

    it("comes up once it is, every pod ready under the restricted standard", { timeout: 1_800_000 }, async () => {
        await installOperator(cluster);
        expectCode(await sandbox.gw("doctor"), 0);
        expectCode(await sandbox.gw("up", "--yes"), 0);
        await allReady();
        const pods = await there.pods();
        expect(pods.filter(({ service }) => service === "postgres").map(({ name }) => name)).toEqual([
            "postgres-1",
            "postgres-2",
        ]);
        const standbys = async () => query(await primary(), "SELECT count(*) FROM pg_stat_replication");
        await waitFor(async () => (await standbys()) === "1", { what: "a standby that streams", seconds: 300 });
        expect(await query(await primary(), "SELECT count(*) FROM pg_stat_statements(false)")).toMatch(/^\d+$/);
    });

    it("passes every smoke check, with a write that is read back from Postgres", { timeout: 1_800_000 }, async () => {
        const result = await sandbox.gw("smoke", "--json");
        expectCode(result, 0);
        const { checks } = JSON.parse(result.stdout) as { checks: { name: string; status: string }[] };
        expect(checks.filter(({ status }) => status === "failed")).toEqual([]);
        expect(checks).toContainEqual(expect.objectContaining({ name: "write to postgres", status: "passed" }));
        expect(await query(await primary(), "SELECT count(*) FROM items WHERE id = 'gw-smoke'")).toBe("1");
    });

    it("takes no connection without TLS", { timeout: 1_800_000 }, async () => {
        const server = await primary();
        const psql = 'PGPASSWORD=x psql "host=$(hostname -i) user=opshub dbname=opshub sslmode=disable" -c "SELECT 1"';
        const refused = there.kubectl("exec", server, "-c", "postgres", "--", "sh", "-c", psql);
        await expect(refused).rejects.toThrow(/pg_hba.conf rejects connection.*no encryption/s);
    });

    it("is whole for gw status, and has nothing to do on a second preview", { timeout: 1_800_000 }, async () => {
        await allReady();
        expectCode(await sandbox.gw("status"), 0);
        expectCode(await sandbox.gw("preview", "--expect-no-changes"), 0);
        // What the operator's webhooks have filled in is nobody's change.
        expectCode(await sandbox.gw("refresh", "--yes"), 0);
        const { steps } = JSON.parse((await sandbox.gw("preview", "--json")).stdout) as { steps: Step[] };
        const own = steps.filter(({ urn }) => urn.includes("postgresql.cnpg.io"));
        expect(own.map(({ op }) => op)).toEqual(["same", "same"]);
    });

    it(
        "has another primary with the row when the first one is killed, and two servers again",
        { timeout: 1_800_000 },
        async () => {
            const first = await primary();
            await there.kubectl("delete", "pod", first, "--grace-period=0", "--force");
            const isReady = "jsonpath={.status.conditions[?(@.type=='Ready')].status}";
            await waitFor(
                async () =>
                    (await primary()) !== first &&
                    (await there.kubectl("get", "cluster", "postgres", "-o", isReady)) === "True",
                {
                    what: "another primary, and two servers",
                    seconds: 600,
                    explain: () => there.kubectl("get", "cluster,pods", "-o", "wide"),
                },
            );
            expect(await query(await primary(), "SELECT count(*) FROM items WHERE id = 'gw-smoke'")).toBe("1");
            expectCode(await sandbox.gw("smoke", "--wait", "120"), 0);
        },
    );

    it("has a changed password take hold in the servers", { timeout: 1_800_000 }, async () => {
        const hash = "SELECT rolpassword FROM pg_authid WHERE rolname = 'opshub'";
        const before = await query(await primary(), hash);
        const owner = JSON.stringify({ stringData: { password: "another one" } });
        await there.kubectl("patch", "secret", "postgres-owner", "--type=merge", "-p", owner);
        await waitFor(async () => (await query(await primary(), hash)) !== before, {
            what: "another password",
            seconds: 300,
        });
    });

    it("leaves nothing on the cluster on destroy", { timeout: 1_800_000 }, async () => {
        expectCode(await sandbox.gw("destroy", "--yes"), 0);
        await there.volumesGone();
        expect(await there.outside()).toEqual([]);
    });
});

describe.each(WITH_POSTGRES)("%s in prod, rendered for CloudNativePG", (system) => {
    const stack = `cnpg-${system}`;
    const out = mkdtempSync(join(tmpdir(), "groundwork-cnpg-"));
    let sandbox: Sandbox;

    beforeAll(async () => {
        if (!cluster.ours) return;
        await installOperator(cluster);
        sandbox = new Sandbox(cluster, stack, system, 96);
        const crypter = await Crypter.create(PASSPHRASE);
        sandbox.environment = { ...sandbox.environment, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
        sandbox.encryptionSalt = crypter.salt;
        const secrets = Object.entries(allGiven(system)).map(([name, value]) => [
            name,
            { secure: crypter.encrypt(value) },
        ]);
        sandbox.configure({
            ...{ environment: "prod", domain: `${system}.example.com`, edge: { httpPort: 80, httpsPort: 443 } },
            ...{ tls: { mode: "internal" }, secrets: Object.fromEntries(secrets) as object, kubernetes: {} },
            backup: { enabled: false },
            ...(SYSTEMS[system].databases && { database: "postgres" }),
            ...postgres(),
        });
        expectCode(await sandbox.gw("render", "--engine", "embedded", "--out", out), 0);
        // An interrupted run may have left it.
        await cluster.kubectl("delete", "namespace", `gw-${stack}`, "--ignore-not-found", "--timeout", "600s");
        await cluster.kubectl("create", "namespace", `gw-${stack}`);
    }, 1_800_000);
    afterAll(async () => {
        sandbox?.remove();
        rmSync(out, { recursive: true, force: true });
        const gone = ["--ignore-not-found", "--wait=false"];
        if (cluster?.ours) await cluster.kubectl("delete", "namespace", `gw-${stack}`, ...gone);
    });

    it("is taken by the API with the operator's definitions and by its webhooks", { timeout: 1_800_000 }, async () => {
        const files = readdirSync(out).filter((file) => file.endsWith(".yaml"));
        expect(files.filter((file) => file.includes("-cluster-"))).toHaveLength(1);
        const apply = ["apply", "--server-side", "--dry-run=server", "--force-conflicts", "--warnings-as-errors"];
        const said = await cluster.kubectl(...apply, "-f", out);
        expect(said.trim().split("\n")).toHaveLength(files.length);
    });
});
