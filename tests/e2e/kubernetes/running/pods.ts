/** Pods that end, are ended, or never begin. */
import { describe, expect, it } from "vitest";

import { localImageRef } from "../../../../images/local";
import { expectCode } from "../../support/sandbox";
import { kill } from "../support/kill";
import type { RunningStack } from "./stack";

const MINUTES = 60_000;

/**
 * Takes all memory that a container may have. The kernel ends the process that is the best to end: the main one, which is given up by its
 * score, and holds more than each of these does alone.
 */
const TAKE_ALL_MEMORY =
    "echo 1000 > /proc/1/oom_score_adj; for each in $(seq 20); do (head -c 40M /dev/zero; sleep 60) | tail -n 1 & done; wait";

export function pods(running: RunningStack): void {
    describe("a pod", () => {
        it.each(["api", "worker", "caddy", "redis", "postgres"])(
            "of %s that is killed is replaced, and no acknowledged write is lost",
            { timeout: 20 * MINUTES },
            async (service) => {
                const victim = await running.there.readyPod(service);
                const { acknowledged } = await running.recovers(
                    `pod kill: ${service}`,
                    () => kill(running.there, victim),
                    async () => {
                        const now = await running.there.pods(service);
                        return !now.some(({ uid }) => uid === victim.uid) && running.there.isWhole(service);
                    },
                );
                expect(acknowledged).toBeGreaterThan(10);
            },
        );

        it(
            "that takes more memory than its limit is killed for it and starts again, while the other one serves",
            { timeout: 20 * MINUTES },
            async () => {
                const victim = await running.there.readyPod("api");
                const recovery = await running.recovers(
                    "out of memory: api",
                    async () => {
                        const begin = Date.now();
                        // It ends with the container that it is in, which may break it off before it says how.
                        await expect(running.there.exec(victim.name, "sh", "-c", TAKE_ALL_MEMORY)).rejects.toThrow();
                        return begin;
                    },
                    async () => {
                        const now = (await running.there.pods("api")).find(({ uid }) => uid === victim.uid);
                        return now !== undefined && now.restarts > victim.restarts && now.ready;
                    },
                );
                const now = (await running.there.pods("api")).find(({ uid }) => uid === victim.uid);
                // containerd may tell of the end before it has heard of the reason.
                expect(`${now?.lastEnd} ${now?.lastCode}`).toMatch(/^(OOMKilled \d+|Error 137)$/);
                expect(recovery.acknowledged).toBeGreaterThan(recovery.refused);
            },
        );

        it(
            "whose image cannot be pulled is named with its image, the old ones serve on, and the next up recovers",
            { timeout: 20 * MINUTES },
            async () => {
                const before = (await running.there.pods("api")).map(({ uid }) => uid);
                const wrong = "groundwork.test/debt-os-api:never-built";
                const recovery = await running.recovers(
                    "stuck image pull: api",
                    async () => {
                        const failed = await running.upWithImages({ "debt-os-api": wrong });
                        expectCode(failed, 1);
                        expect(failed.output).toContain(`cannot pull its image (${wrong})`);
                        const left = async () => (await running.there.pods("api")).filter(({ ready }) => ready);
                        // On a busy node one may not be for a moment.
                        await expect.poll(async () => (await left()).map(({ uid }) => uid)).toEqual(before);
                        const begin = Date.now();
                        expectCode(await running.upWithImages({ "debt-os-api": localImageRef("debt-os-api") }), 0);
                        return begin;
                    },
                    () => running.there.isWhole("api"),
                );
                expect(recovery.refused).toBe(0);
            },
        );
    });
}
