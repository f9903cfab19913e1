/** The life of each system's stack on a real cluster, from nothing to nothing. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { systemOf } from "../../../systems";
import { SYSTEM_KEYS } from "../../../systems/types";
import { expectNothingToDo, expectSmokePassed } from "../support/promises";
import { ENGINE, expectCode } from "../support/sandbox";
import { waitFor } from "../support/wait";
import { crashed, type Inventory } from "./support/inventory";
import type { Sandbox } from "./support/sandbox";
import { freshStack } from "./support/stack";

/** With a cluster that runs, or was built before. */
const START_MS = 1_800_000;

describe.each(SYSTEM_KEYS)(`%s on Kubernetes, ${ENGINE}`, (key) => {
    const system = systemOf(key);
    const stack = `e2e-k8s-${key}`;
    let sandbox: Sandbox;
    let there: Inventory;

    beforeAll(async () => {
        ({ sandbox, there } = await freshStack(stack, key, SYSTEM_KEYS.indexOf(key)));
    }, START_MS);
    afterAll(async () => {
        await there?.sweep();
        sandbox?.remove();
    }, 900_000);

    it("comes up with every pod ready, admitted under the restricted standard", { timeout: 1_800_000 }, async () => {
        expectCode(await sandbox.gw("up", "--yes"), 0);
        const stores = ["postgres", "redis", "memgraph"].filter((store) => store in system.stores);
        const pooler = system.stores.postgres?.pooler ? ["pgbouncer"] : [];
        const expected = ["caddy", ...stores, ...pooler, ...system.services.map((service) => service.name)].sort();
        await waitFor(() => there.isWhole(), { what: "a stack whose pods are all ready", seconds: 300 });
        const pods = await there.pods();
        expect([...new Set(pods.map(({ service }) => service))].sort()).toEqual(expected);
        expect(pods.filter(crashed)).toEqual([]);
        // A job's pod has ended before the job says so.
        await expect.poll(() => there.unfinishedJobs()).toEqual([]);
        const enforced = String.raw`jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}`;
        expect(await there.kubectl("get", "namespace", there.namespace, "-o", enforced)).toBe("restricted");
    });

    it("passes every smoke check through its edge", { timeout: 900_000 }, async () => {
        expectSmokePassed(await sandbox.gw("smoke", "--json"));
    });

    it("has nothing to do on a second preview", { timeout: 900_000 }, async () => {
        expectNothingToDo(await sandbox.gw("preview", "--json"), 20);
    });

    it("leaves nothing on the cluster, and no state, on destroy", { timeout: 1_800_000 }, async () => {
        expect(await there.outside()).toContain(`namespace/${there.namespace}`);
        expectCode(await sandbox.gw("destroy", "--yes"), 0);
        await there.volumesGone();
        expect(await there.outside()).toEqual([]);
        const kept = readdirSync(join(sandbox.directory, ".groundwork/state")).filter((file) => !file.startsWith("."));
        expect(kept).toEqual([]);
    });
});
