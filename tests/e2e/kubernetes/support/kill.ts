/** The hardest end of a pod that there is. */
import { readdirSync, readFileSync } from "node:fs";

import type { Inventory, SeenPod } from "./inventory";

/** @returns when, in milliseconds */
export async function kill(there: Inventory, { name, uid }: SeenPod): Promise<number> {
    const begin = Date.now();
    // Deleting a pod, however hard, still lets its processes end in order; those of a cluster of our own can be hit without a word.
    if (there.cluster.ours) processesOf(uid).forEach(killNow);
    await there.kubectl("delete", "pod", name, "--grace-period=0", "--force", "--wait=false");
    return begin;
}

/** Unless it has ended by itself meanwhile, as those of a server that dies do. */
function killNow(pid: number): void {
    try {
        process.kill(pid, "SIGKILL");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}

/** Those in the pod's own group of processes, on a node that is this machine. */
function processesOf(uid: string): number[] {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const found = pids.filter((pid) => {
        try {
            return readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(`pod${uid}`);
        } catch (error) {
            // It ended between the listing and the look.
            if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
            throw error;
        }
    });
    if (found.length === 0) throw new Error(`no process of pod ${uid} runs here`);
    return found.map(Number);
}
