/** Pods that end, are ended, or never begin. */
import { describe, expect, it } from "vitest";

import { localImageRef } from "../../../../images/local";
import { expectCode } from "../../support/sandbox";
import type { RunningStack } from "./stack";

const MINUTES = 60_000;

/** What holds a container's memory until there is no more: its main process is the one that is to go, as if it had taken it all itself. */
const TAKE_ALL_MEMORY =
    "echo 1000 > /proc/1/oom_score_adj; exec node -e 'const held = []; for (;;) held.push(Buffer.alloc(1 << 24, 1))'";

export function pods(running: RunningStack): void {
    describe("a pod", () => {
        it.each(["api", "worker", "caddy", "redis", "postgres"])(
            "of %s that is killed is replaced, and no acknowledged write is lost",
            { timeout: 7 * MINUTES },
            async (service) => {
                const victim = await running.there.readyPod(service);
                const { acknowledged } = await running.recovers(
                    `pod kill: ${service}`,
                    // At once and without a word to its processes, as when its node is gone.
                    () => kill(running, victim.name),
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
            { timeout: 7 * MINUTES },
            async () => {
                const victim = await running.there.readyPod("api");
                const recovery = await running.recovers(
                    "out of memory: api",
                    async () => {
                        const begin = Date.now();
                        // It ends with the container that it is in.
                        await running.there.exec(victim.name, "sh", "-c", TAKE_ALL_MEMORY).catch(() => undefined);
                        return begin;
                    },
                    async () => {
                        const now = (await running.there.pods("api")).find(({ uid }) => uid === victim.uid);
                        return now?.restarts === victim.restarts + 1 && now.ready;
                    },
                );
                const now = (await running.there.pods("api")).find(({ uid }) => uid === victim.uid);
                expect(now).toMatchObject({ lastEnd: "OOMKilled" });
                expect(recovery.acknowledged).toBeGreaterThan(recovery.refused);
            },
        );

        it(
            "whose image cannot be pulled is named with its image, the old ones serve on, and the next up recovers",
            { timeout: 7 * MINUTES },
            async () => {
                const before = (await running.there.pods("api")).map(({ uid }) => uid);
                const wrong = "groundwork.test/debt-os-api:never-built";
                const recovery = await running.recovers(
                    "stuck image pull: api",
                    async () => {
                        const failed = await running.up({ images: { overrides: { "debt-os-api": wrong } } });
                        expectCode(failed, 1);
                        expect(failed.output).toContain(`cannot pull its image (${wrong})`);
                        const left = (await running.there.pods("api")).filter(({ ready }) => ready);
                        expect(left.map(({ uid }) => uid)).toEqual(before);
                        const begin = Date.now();
                        const overrides = { "debt-os-api": localImageRef("debt-os-api") };
                        expectCode(await running.up({ images: { overrides } }), 0);
                        return begin;
                    },
                    () => running.there.isWhole("api"),
                );
                expect(recovery.refused).toBe(0);
            },
        );
    });
}

async function kill(running: RunningStack, pod: string): Promise<number> {
    const begin = Date.now();
    await running.there.kubectl("delete", "pod", pod, "--grace-period=0", "--force", "--wait=false");
    return begin;
}
