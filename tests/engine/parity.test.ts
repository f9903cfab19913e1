/**
 * Every system's dev stack through both engines, on a real Docker engine: the same plan, the same state, the same outcome, nothing to do
 * afterwards, and a stack that moves from one engine to the other and back.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findPulumi } from "../../packages/cli/src/engines/pulumi";
import { buildLocalImages } from "../../packages/cli/src/images/build";
import { imageKeys, SYSTEM_KEYS } from "../../systems/types";
import type { UntypedDeployment } from "../../packages/engine/src";
import { systemOf } from "../../systems";
import { docker, missingDocker, needsDocker, NOTHING, remains, sweep } from "../e2e/docker/support/docker";
import { differences, graph, plan } from "./support/compare";
import { outcome } from "./support/outcome";
import { needsPulumi, PulumiCli } from "./support/pulumi-cli";
import { configOf, embedded, stackOf } from "./support/stack";

const MINUTES = 60_000;

describe.each(SYSTEM_KEYS)("%s on Docker, embedded engine and Pulumi CLI", (key) => {
    needsPulumi();
    needsDocker();
    const stack = stackOf(`parity-${key}`, key);
    const dir = mkdtempSync(join(tmpdir(), "groundwork-parity-"));
    const own = embedded(stack, join(dir, "embedded"));
    const pulumi = new PulumiCli(dir, { name: stack.name, config: configOf(stack) });
    const states: Partial<Record<"embedded" | "pulumi", UntypedDeployment>> = {};
    const outcomes: Partial<Record<"embedded" | "pulumi", Awaited<ReturnType<typeof outcome>>>> = {};

    beforeAll(async () => {
        if (!findPulumi() || (await missingDocker())) return;
        await sweep(stack.name);
        await buildLocalImages(imageKeys(systemOf(key)), { docker, log: () => undefined });
        await pulumi.init();
    }, 10 * MINUTES);
    afterAll(async () => {
        if (findPulumi() && !(await missingDocker())) await sweep(stack.name);
        rmSync(dir, { recursive: true, force: true });
    }, 5 * MINUTES);

    it("is planned alike by the embedded engine and the Pulumi CLI", { timeout: 5 * MINUTES }, async () => {
        const planned = plan(await own.preview());
        expect(differences(plan(await pulumi.preview()), planned)).toEqual([]);
    });

    it("comes up on the embedded engine, which then has nothing to do", { timeout: 10 * MINUTES }, async () => {
        await own.up();
        const again = await own.preview();
        expect(again.changeSummary).toEqual({ same: again.steps.length });
        const refreshed = await own.refresh({ preview: true });
        expect(Object.keys(refreshed.changes)).toEqual(["same"]);
        states.embedded = await own.exportState();
        outcomes.embedded = await outcome(stack.name);
    });

    it(
        "is handed over from the embedded engine to the Pulumi CLI, which has nothing to do, nor after a refresh",
        { timeout: 5 * MINUTES },
        async () => {
            await pulumi.importState(states.embedded!);
            await pulumi.expectNoChanges(false);
            await pulumi.expectNoChanges(true);
            expect(differences(await outcome(stack.name), outcomes.embedded!)).toEqual([]);
        },
    );

    it(
        "is handed back from the Pulumi CLI to the embedded engine, which has nothing to do and deletes all of it",
        { timeout: 5 * MINUTES },
        async () => {
            await own.importState(await pulumi.exportState());
            const again = await own.preview();
            expect(again.changeSummary).toEqual({ same: again.steps.length });
            await own.destroy();
            expect(await remains(stack.name)).toEqual(NOTHING);
            await pulumi.importState({
                ...states.embedded!,
                deployment: { ...states.embedded!.deployment, resources: [] },
            });
        },
    );

    it(
        "comes up on the Pulumi CLI, which then has nothing to do, nor after a refresh",
        { timeout: 10 * MINUTES },
        async () => {
            await pulumi.up();
            await pulumi.expectNoChanges(false);
            await pulumi.expectNoChanges(true);
            states.pulumi = await pulumi.exportState();
            outcomes.pulumi = await outcome(stack.name);
        },
    );

    it("has the same state on the embedded engine as on the Pulumi CLI", () => {
        expect(differences(graph(states.pulumi!), graph(states.embedded!))).toEqual([]);
    });

    it("is the same on Docker whether the embedded engine or the Pulumi CLI has made it", () => {
        expect(differences(outcomes.pulumi!, outcomes.embedded!)).toEqual([]);
    });

    it("is deleted by the Pulumi CLI without a trace", { timeout: 5 * MINUTES }, async () => {
        await pulumi.destroy();
        expect(await remains(stack.name)).toEqual(NOTHING);
    });
});
