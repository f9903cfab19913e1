/** What `protect` keeps when a stack is destroyed, and that the stack comes back on it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { systemOf } from "../../../systems";
import { acknowledged, ask, hostOf } from "../support/load";
import { ENGINE, expectCode } from "../support/sandbox";
import { waitFor } from "../support/wait";
import type { Inventory } from "./support/inventory";
import type { Sandbox } from "./support/sandbox";
import { freshStack } from "./support/stack";

const STACK = "e2e-k8s-protected";
/** The smallest that has a store with a generated password. */
const system = systemOf("opencode-acp");
const host = hostOf(system, "acp");

interface Resource {
    type: string;
    urn: string;
    protect?: boolean;
}

describe(`a protected stack on Kubernetes, ${ENGINE}`, () => {
    let sandbox: Sandbox;
    let there: Inventory;

    beforeAll(async () => {
        ({ sandbox, there } = await freshStack(STACK, system.key, 10));
        sandbox.configure({ protect: true });
        expectCode(await sandbox.gw("up", "--yes"), 0);
        const body = { id: "kept", value: "before the destroy" };
        await acknowledged(sandbox.edge, host, "/api/items", body);
    }, 1_800_000);
    afterAll(async () => {
        await there?.sweep();
        sandbox?.remove();
    }, 900_000);

    it("is not destroyed, and says what it would lose", { timeout: 900_000 }, async () => {
        const before = await there.contents();
        const result = await sandbox.gw("destroy", "--yes");
        expectCode(result, 1);
        expect(result.output).toContain("--exclude-protected");
        expect(await there.contents()).toEqual(before);
    });

    it(
        "leaves exactly its stateful claims, their namespace and its passwords when the rest is destroyed",
        { timeout: 900_000 },
        async () => {
            const claims = system.volumes.filter(({ stateful }) => stateful).map(({ name }) => claimOf(name));
            expect(claims.length).toBeGreaterThan(2);
            expectCode(await sandbox.gw("destroy", "--yes", "--exclude-protected"), 0);
            await there.comesDownTo(claims);
            const outside = await there.outside();
            const isVolume = (name: string) => name.startsWith("persistentvolume/");
            expect(outside.filter((name) => !isVolume(name))).toEqual([`namespace/${there.namespace}`]);
            // Others are on their way out, with their claims.
            expect(outside.filter(isVolume).length).toBeGreaterThanOrEqual(claims.length);

            const state = await sandbox.gw("state", "export");
            expectCode(state, 0);
            const { resources } = (JSON.parse(state.stdout) as { deployment: { resources: Resource[] } }).deployment;
            const kept = resources.filter(({ protect }) => protect).map(({ type }) => type.split(":").at(-1));
            expect([...new Set(kept)].sort()).toEqual(["Namespace", "PersistentVolumeClaim", "RandomPassword"]);
            expect(kept.filter((type) => type === "PersistentVolumeClaim")).toHaveLength(claims.length);
        },
    );

    it("comes back on what was kept, with its data", { timeout: 1_800_000 }, async () => {
        expectCode(await sandbox.gw("up", "--yes"), 0);
        let kept = "";
        const isServed = async () => {
            const { status, body } = await ask(sandbox.edge, host, "/api/items/kept");
            kept = body;
            return status === 200;
        };
        await waitFor(isServed, { what: "an answer with what was kept", seconds: 300 });
        expect(JSON.parse(kept)).toMatchObject({ value: "before the destroy" });
    });

    it("is gone without a trace once its protection is given up", { timeout: 1_800_000 }, async () => {
        sandbox.configure({ protect: false });
        expectCode(await sandbox.gw("up", "--yes"), 0);
        expectCode(await sandbox.gw("destroy", "--yes"), 0);
        await there.volumesGone();
        expect(await there.outside()).toEqual([]);
    });
});

/** A store's own claim bears the name of its first pod. */
function claimOf(volume: string): string {
    return `persistentvolumeclaim/${volume === "postgres-data" ? "postgres-data-postgres-0" : volume}`;
}
