import type { SystemKey } from "../../../../systems/types";
import { ensureCluster } from "../cluster/cluster";
import { Inventory } from "./inventory";
import { Sandbox } from "./sandbox";

/** What a stack is brought up from, and what the cluster says of it. */
export interface ClusterStack {
    sandbox: Sandbox;
    there: Inventory;
}

/**
 * A stack that is not up yet, on the tests' cluster, which has the stand-ins of its images and nothing that an earlier, interrupted run
 * left.
 * @param offset Keeps the node ports of stacks that are there at once apart.
 */
export async function freshStack(stack: string, system: SystemKey, offset: number): Promise<ClusterStack> {
    const cluster = await ensureCluster();
    const sandbox = new Sandbox(cluster, stack, system, offset);
    const there = new Inventory(cluster, stack);
    await there.sweep();
    await sandbox.loadImages();
    return { sandbox, there };
}
