/**
 * Every system's dev stack on a real cluster through the Pulumi CLI and its Kubernetes provider: up under the policy pack, nothing to do
 * afterwards, and a stack that moves from the embedded engine to the Pulumi CLI and back.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { findPulumi } from "../../../packages/cli/src/engines/pulumi";
import type { UntypedDeployment } from "../../../packages/engine/src";
import { kubernetesProvider } from "../../../packages/engine/src/providers/kubernetes";
import { SYSTEM_KEYS } from "../../../systems/types";
import { PulumiCli } from "../../engine/support/pulumi-cli";
import { PASSPHRASE } from "../../engine/support/stack";
import { findPlugin } from "../docker/support/real-provider";
import { expectNothingToDo, expectSmokePassed } from "../support/promises";
import { expectCode, ROOT, type Result } from "../support/sandbox";
import { waitFor } from "../support/wait";
import type { Inventory } from "./support/inventory";
import type { Sandbox } from "./support/sandbox";
import { freshStack } from "./support/stack";

const MINUTES = 60_000;

function missing(): string | undefined {
    if (!findPulumi()) return "no Pulumi CLI: there is no `pulumi` on PATH";
    const plugin = findPlugin("kubernetes", kubernetesProvider.version);
    return plugin === undefined ? "no pulumi-resource-kubernetes on PATH or in PULUMI_HOME" : undefined;
}

describe.each(SYSTEM_KEYS)("%s on Kubernetes, embedded engine and Pulumi CLI", (key) => {
    const stack = `parity-k8s-${key}`;
    const directory = mkdtempSync(join(tmpdir(), "groundwork-parity-"));
    let sandbox: Sandbox;
    let there: Inventory;
    let pulumi: PulumiCli;

    const gw = async (...args: string[]): Promise<Result> => {
        const result = await sandbox.gw(...args);
        expectCode(result, 0);
        return result;
    };

    beforeEach((context) => {
        const why = missing();
        if (why !== undefined) context.skip(why);
    });
    beforeAll(async () => {
        if (missing() !== undefined) return;
        ({ sandbox, there } = await freshStack(stack, key, 80 + SYSTEM_KEYS.indexOf(key)));
        sandbox.configure({ images: { source: "local" } });
        sandbox.environment = { ...sandbox.environment, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
        const { config } = parse(readFileSync(sandbox.file, "utf8")) as { config: Record<string, unknown> };
        pulumi = new PulumiCli(directory, {
            name: stack,
            config,
            environment: { KUBECONFIG: there.cluster.kubeconfig },
            policyPack: join(ROOT, "policies"),
        });
        await pulumi.init();
    }, 15 * MINUTES);
    afterAll(async () => {
        await there?.sweep();
        sandbox?.remove();
        rmSync(directory, { recursive: true, force: true });
    }, 15 * MINUTES);

    it(
        "comes up on the Pulumi CLI, which then has nothing to do, nor after a refresh",
        { timeout: 40 * MINUTES },
        async () => {
            await pulumi.up();
            await pulumi.expectNoChanges(false);
            await pulumi.expectNoChanges(true);
            await waitFor(() => there.isWhole(), { what: "a stack whose pods are all ready", seconds: 300 });
            expectSmokePassed(await sandbox.gw("smoke", "--json"));
        },
    );

    it(
        "is handed over from the Pulumi CLI to the embedded engine, which has nothing to do and deletes all of it",
        { timeout: 40 * MINUTES },
        async () => {
            const file = join(directory, "state.json");
            writeFileSync(file, JSON.stringify(await pulumi.exportState()));
            await gw("state", "import", "--yes", file);
            expectNothingToDo(await gw("preview", "--json"), 20);
            await gw("destroy", "--yes");
            await there.volumesGone();
            expect(await there.outside()).toEqual([]);
        },
    );

    it(
        "is handed over from the embedded engine to the Pulumi CLI, which has nothing to do, nor after a refresh, and deletes all of it",
        { timeout: 40 * MINUTES },
        async () => {
            await gw("up", "--yes");
            const { stdout } = await gw("state", "export");
            await pulumi.importState(JSON.parse(stdout) as UntypedDeployment);
            await pulumi.expectNoChanges(false);
            await pulumi.expectNoChanges(true);
            await pulumi.destroy();
            await there.volumesGone();
            expect(await there.outside()).toEqual([]);
        },
    );
});
