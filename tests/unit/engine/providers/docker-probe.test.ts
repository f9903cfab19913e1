/**
 * What a container's own health check says when the engine cannot run it. Cannot prove what a real engine answers; tests/e2e/docker does.
 */
import { describe, expect, it } from "vitest";

import type { Connection } from "../../../../packages/engine/src/providers/docker/client";
import type { Inspect } from "../../../../packages/engine/src/providers/docker/container/api";
import { passesProbe } from "../../../../packages/engine/src/providers/docker/container/probe";
import { contextOf } from "./context";

const STARTED = "2026-01-01T00:00:00Z";

/** Runs the check of a container that has been started once and whose exec the engine refuses. @param now what it is like by then */
function probe(refusal: { statusCode: number; message: string }, now: object | undefined): Promise<boolean> {
    const exec = { start: () => Promise.reject(Object.assign(new Error(refusal.message), refusal)) };
    const inspect = () =>
        now ? Promise.resolve({ State: now }) : Promise.reject(Object.assign(new Error("gone"), { statusCode: 404 }));
    const docker = { getContainer: () => ({ exec: () => Promise.resolve(exec), inspect }) };
    const info = { Id: "1", Config: { Healthcheck: { Test: ["CMD", "true"] } }, State: { StartedAt: STARTED } };
    const ctx = contextOf("docker:index/container:Container");
    return passesProbe({ docker } as unknown as Connection, ctx, info as unknown as Inspect);
}

describe("a health check that the engine refuses to run", () => {
    const ended = { statusCode: 500, message: "Container 1 is not running: Exited (7) Less than a second ago" };

    it.each([
        ["has ended", { Running: false, StartedAt: STARTED }],
        ["has started again", { Running: true, StartedAt: "2026-01-01T00:00:01Z" }],
        ["is gone", undefined],
    ])("has not passed where the container %s meanwhile, whatever the engine says of it", async (_, now) => {
        expect(await probe(ended, now)).toBe(false);
    });

    it("has not passed where the engine says that it may not be run now", async () => {
        expect(await probe({ statusCode: 409, message: "paused" }, { Running: true, StartedAt: STARTED })).toBe(false);
    });

    it("is a failure of the engine where the container runs on", async () => {
        const broken = { statusCode: 500, message: "no space left on device" };
        await expect(probe(broken, { Running: true, StartedAt: STARTED })).rejects.toThrow("no space left on device");
    });
});
