/**
 * Stacks with their secrets in a store of External Secrets, against its own CRDs on a real cluster's API and its own template engine. Both
 * come from the Go module in `cluster/tools`. Cannot prove that a controller makes the Secrets: none runs here.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { SYSTEM_KEYS, type SystemKey } from "../../../systems/types";
import { expectCode } from "../support/sandbox";
import { ensureOperators, goModule } from "./cluster/binaries";
import { type Cluster, ClusterUnavailableError, ensureCluster } from "./cluster/cluster";
import { run } from "./cluster/shell";
import { Sandbox } from "./support/sandbox";

const CRD = "externalsecrets.external-secrets.io";

/** One of each group of which a system needs one. */
const INCLUDE: Partial<Record<SystemKey, string[]>> = { "debt-os": ["OPENAI_API_KEY"] };

interface ExternalSecret {
    metadata: { name: string };
    spec: { target: { template: { data: Record<string, string> } }; data: { secretKey: string }[] };
}

let cluster: Cluster;
let unavailable: string | undefined;
let filler: string;
const directory = mkdtempSync(join(tmpdir(), "groundwork-external-secrets-"));

beforeAll(async () => {
    try {
        cluster = await ensureCluster();
    } catch (error) {
        if (!(error instanceof ClusterUnavailableError)) throw error;
        unavailable = error.message;
        return;
    }
    const { Dir: module } = await goModule("github.com/external-secrets/external-secrets");
    const file = join(module, "config/crds/bases/external-secrets.io_externalsecrets.yaml");
    const crd = parse(readFileSync(file, "utf8")) as { spec: { conversion?: object } };
    // To the controller's webhook, which is not here.
    delete crd.spec.conversion;
    await cluster.apply([crd], "--server-side", "--force-conflicts");
    await cluster.kubectl("wait", "--for=condition=Established", `crd/${CRD}`, "--timeout=300s");
    filler = join(await ensureOperators(console.log), "external-secrets");
}, 1_800_000);

beforeEach((context) => {
    if (unavailable !== undefined) context.skip(unavailable);
});

afterAll(async () => {
    rmSync(directory, { recursive: true, force: true });
    if (unavailable === undefined) await cluster.kubectl("delete", "crd", CRD, "--ignore-not-found");
}, 900_000);

describe.each(SYSTEM_KEYS)("%s with its secrets in a store of External Secrets", (system) => {
    const stack = `external-secrets-${system}`;
    const namespace = `gw-${stack}`;
    const out = join(directory, system);
    let sandbox: Sandbox;
    let rendered: ExternalSecret[] = [];

    beforeAll(async () => {
        if (unavailable !== undefined) return;
        sandbox = new Sandbox(cluster, stack, system, 90);
        sandbox.configure({
            environment: "prod",
            domain: `${system}.example.com`,
            edge: { httpPort: 80, httpsPort: 443 },
            tls: { mode: "internal" },
            backup: { enabled: false },
            kubernetes: {
                externalSecrets: {
                    store: { name: "vault" },
                    remoteKey: `${system}/prod`,
                    remoteProperty: "{name}",
                    ...(INCLUDE[system] && { include: INCLUDE[system] }),
                },
            },
        });
        expectCode(await sandbox.gw("render", "--out", out), 0);
        const files = readdirSync(out).filter((file) => file.includes("-externalsecret-"));
        rendered = files.map((file) => parse(readFileSync(join(out, file), "utf8")) as ExternalSecret);
        // An interrupted run may have left it.
        await cluster.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--timeout", "600s");
        await cluster.kubectl("create", "namespace", namespace);
    }, 900_000);
    afterAll(async () => {
        sandbox?.remove();
        if (unavailable === undefined) await cluster.kubectl("delete", "namespace", namespace, "--wait=false");
    });

    it("is taken by the API, object by object, and holds no secret", { timeout: 900_000 }, async () => {
        const said = await cluster.kubectl(
            "apply",
            "--server-side",
            "--dry-run=server",
            "--force-conflicts",
            "-f",
            out,
        );
        const objects = readdirSync(out).filter((file) => file.endsWith(".yaml"));
        expect(said.trim().split("\n")).toHaveLength(objects.length);
        expect(objects.filter((file) => /-secret-/.test(file))).toEqual([]);
    });

    it("gets texts that programs read back, whatever is in a password", { timeout: 900_000 }, async () => {
        const awkward = 'p@ss/w:rd "&% 1+2\\{{x}}#?';
        for (const { metadata, spec } of rendered) {
            const values = Object.fromEntries(spec.data.map(({ secretKey }) => [secretKey, awkward]));
            const { data: templates } = spec.target.template;
            const texts = JSON.parse(await run(filler, [], { input: JSON.stringify({ templates, values }) })) as Record<
                string,
                string
            >;
            expect(Object.keys(texts).sort(), metadata.name).toEqual(Object.keys(templates).sort());
            for (const [key, text] of Object.entries(texts)) {
                if (key.endsWith("_URL")) expect(decodeURIComponent(new URL(text).password), key).toBe(awkward);
                else if (key === "redis.conf") {
                    const quoted = /^requirepass (".*")$/m.exec(text)?.[1];
                    expect(JSON.parse(quoted!), key).toBe(awkward);
                } else if (key === "userlist.txt") {
                    // PgBouncer's way of quoting: a quote is doubled.
                    const quoted = /^"opshub" "(.*)"\n$/.exec(text)?.[1];
                    expect(quoted?.replaceAll('""', '"'), key).toBe(awkward);
                } else expect(text, key).toBe(awkward);
            }
        }
        if (system !== "opencode") expect(rendered.length).toBeGreaterThan(0);
    });
});
