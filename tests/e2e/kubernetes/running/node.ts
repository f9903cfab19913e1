/** The node that everything runs on is taken out of service, as before an upgrade of it. */
import { describe, expect, it } from "vitest";

import type { V1Node } from "../../../../packages/cli/src/kubernetes/types";
import { waitFor } from "../../support/wait";
import type { RunningStack } from "./stack";

const MINUTES = 60_000;
const STACK = "dev.groundwork/stack";

export function node(running: RunningStack): void {
    describe("a node that is drained", () => {
        it(
            "takes one replica of the API at a time, so that no request fails",
            { timeout: 20 * MINUTES },
            async (context) => {
                const name = await onlyNode(running);
                if (name === undefined) return context.skip("the cluster has several nodes");
                if (!running.cluster.ours)
                    return context.skip("the API's volume is of one node there: it has no budget");
                await running.settled();
                const traffic = running.load();
                const [failure] = await drained(
                    running,
                    name,
                    { selector: "app.kubernetes.io/name=api", seconds: 15 },
                    async () => {
                        const left = async () => (await running.there.pods("api")).filter(({ ready }) => ready);
                        // On a busy node it may not be for a moment.
                        await expect.poll(left).toHaveLength(1);
                    },
                );
                await waitFor(() => running.there.isWhole("api"), { what: "two replicas of the API", seconds: 600 });
                await traffic.stop();
                // There is nowhere else for the first to come up, so the budget lets the second not go.
                expect(failure).toContain("would violate the pod's disruption budget");
                expect(traffic.failed).toEqual([]);
                expect(await running.lost(traffic)).toBe(0);
            },
        );

        it(
            "has all that ran there back once it may run pods again, and no acknowledged write is lost",
            { timeout: 20 * MINUTES },
            async (context) => {
                const name = await onlyNode(running);
                if (name === undefined) return context.skip("the cluster has several nodes");
                await running.recovers(
                    "node drain, from uncordon",
                    async () => {
                        await drained(
                            running,
                            name,
                            { selector: `${STACK}=${running.sandbox.stack}`, seconds: 240 },
                            async () => {
                                // A replica of the API that has lost its database serves nobody, and may go too.
                                const left = (await running.there.pods()).filter(({ ready }) => ready);
                                expect(left.filter(({ service }) => service !== "api")).toEqual([]);
                            },
                        );
                        return Date.now();
                    },
                    () => running.there.isWhole(),
                );
            },
        );
    });
}

/** Its name, where there is but one. */
async function onlyNode({ cluster }: RunningStack): Promise<string | undefined> {
    const { items } = JSON.parse(await cluster.kubectl("get", "nodes", "-o", "json")) as { items: V1Node[] };
    return items.length === 1 ? items[0]!.metadata!.name : undefined;
}

/**
 * Cordons a node and evicts the pods that a selector names, for as long as the budgets let it, and lets the node run pods again.
 * @param which Their selector, and for how long it tries.
 * @param look Called in between.
 * @returns what the drain failed with, which it must where a budget holds it up
 */
async function drained(
    { cluster, there }: RunningStack,
    name: string,
    { selector, seconds }: { selector: string; seconds: number },
    look: () => Promise<void>,
): Promise<string[]> {
    const failures: string[] = [];
    try {
        const limits = ["--timeout", `${seconds}s`, "--delete-emptydir-data", "--ignore-daemonsets", "--force"];
        await cluster
            .kubectl("drain", name, "--pod-selector", selector, ...limits)
            .catch((error: Error) => failures.push(error.message));
        const isOver = async () => (await there.pods()).every(({ leaving }) => !leaving);
        await waitFor(isOver, { what: "the end of what was evicted", seconds: 300 });
        await look();
    } finally {
        await cluster.kubectl("uncordon", name);
    }
    return failures;
}
