/** Postgres's volume has no room left. */
import { describe, expect, it } from "vitest";

import { ask, PATIENCE_MS } from "../../support/load";
import { waitFor } from "../../support/wait";
import type { RunningStack } from "./stack";

const MINUTES = 60_000;
const FILLER = "/var/lib/postgresql/data/filler";

export function volume(running: RunningStack): void {
    describe("a volume of Postgres's that is full", () => {
        it(
            "refuses writes but loses none that was acknowledged, and takes them again when there is room",
            { timeout: 20 * MINUTES },
            async (context) => {
                const small = running.postgresVolume;
                if (!small) return context.skip("only of a cluster of our own can the size of a volume be bounded");
                const pod = await running.there.readyPod("postgres");
                await running.recovers(
                    "full volume: postgres, from room",
                    async (traffic) => {
                        try {
                            // Ends with "No space left on device", which is what it is for.
                            const fill = `dd if=/dev/zero of=${FILLER} bs=1M 2>&1 | grep -q "No space left"`;
                            const isFull = async (): Promise<boolean> => {
                                await running.there.exec(pod.name, "sh", "-c", fill);
                                return (await small.freeMiB()) === 0;
                            };
                            // A checkpoint may make room in between.
                            await waitFor(isFull, { what: "a volume without room", seconds: 120 });
                            // Until the pages and the segment of the log that are there are used up.
                            const refused = () => traffic.failed.some(({ reason }) => reason === "status 503");
                            await waitFor(refused, { what: "a write that is refused", seconds: 300 });
                            const read = () =>
                                ask(running.sandbox.edge, running.host, "/api/items?count=1", {
                                    timeoutMs: PATIENCE_MS,
                                }).then(({ status }) => status);
                            await expect.poll(read).toBe(200);
                        } finally {
                            await running.there.exec(pod.name, "rm", "-f", FILLER);
                        }
                        return Date.now();
                    },
                    () => running.there.isWhole("postgres"),
                );
            },
        );
    });
}
