/** All five systems side by side on one machine, as `make up-all` leaves them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SYSTEM_KEYS } from "../../../systems/types";
import { ENGINE, expectCode } from "../support/sandbox";
import { missingDocker, needsDocker, NOTHING, remains, servicesOf, sweep } from "./support/docker";
import { Sandbox } from "./support/sandbox";

describe(`five systems at once on Docker, ${ENGINE}`, () => {
    needsDocker();
    const sandboxes = SYSTEM_KEYS.map((key, index) => new Sandbox(`e2e-all-${key}`, key, 40 + index));

    beforeAll(async () => {
        if (!(await missingDocker())) for (const sandbox of sandboxes) await sweep(sandbox.stack);
    }, 900_000);
    afterAll(async () => {
        for (const sandbox of sandboxes) {
            if (!(await missingDocker())) await sweep(sandbox.stack);
            sandbox.remove();
        }
    }, 900_000);

    it("come up at the same time, with no clash of names or ports", { timeout: 1_800_000 }, async () => {
        const results = await Promise.all(sandboxes.map((sandbox) => sandbox.gw("up", "--yes")));
        for (const result of results) expectCode(result, 0);
        for (const sandbox of sandboxes) {
            const services = await servicesOf(sandbox.stack);
            expect(services.filter((each) => each.health !== "healthy")).toEqual([]);
        }
    });

    it("each pass smoke while the others run", { timeout: 1_800_000 }, async () => {
        for (const sandbox of sandboxes) expectCode(await sandbox.gw("smoke"), 0);
    });

    it("are each deleted without touching the others", { timeout: 1_800_000 }, async () => {
        const [first, ...rest] = sandboxes;
        expectCode(await first!.gw("destroy", "--yes"), 0);
        expect(await remains(first!.stack)).toEqual(NOTHING);
        for (const sandbox of rest) expectCode(await sandbox.gw("smoke"), 0);
        for (const result of await Promise.all(rest.map((sandbox) => sandbox.gw("destroy", "--yes")))) {
            expectCode(result, 0);
        }
        for (const sandbox of rest) expect(await remains(sandbox.stack)).toEqual(NOTHING);
    });
});
