/** `--policy-pack` of commands that run the program. */
import { afterAll, describe, expect, it } from "vitest";

import { Sandbox } from "../e2e/docker/support/sandbox";

describe("gw preview --policy-pack", () => {
    const sandbox = new Sandbox("e2e-policy-option", "debt-os", 120);
    // A preview does without a Docker engine.
    sandbox.environment = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
    afterAll(() => sandbox.remove());

    it("has the pack of a directory judge, named from where the command is run", async () => {
        sandbox.configure({ images: { source: "local", overrides: { "redis-7-alpine": "redis:latest" } } });
        const { code, output } = await sandbox.gw("preview", "--policy-pack", "policies");
        expect([code, output]).toEqual([
            0,
            expect.stringMatching(/policy \(advisory\) gw-doc-060\S* gw-e2e-policy-option-image-redis-7-alpine: /),
        ]);
    });

    it("refuses a directory that is no pack", async () => {
        const { code, output } = await sandbox.gw("preview", "--policy-pack", "systems");
        expect([code, output]).toEqual([
            2,
            expect.stringMatching(/no policy pack in .*systems: it has no PulumiPolicy/),
        ]);
    });
});
