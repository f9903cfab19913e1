/** Previews of many objects: first when there are none, then when there is nothing to change. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expectCode, finished, ROOT } from "../../e2e/support/sandbox";
import { type Cluster, ensureCluster } from "../../e2e/kubernetes/cluster/cluster";
import { type Bench, row } from "../row";
import { type Lifetime, STAGES } from "./objects-process";

const COUNT = 1_000;
const RUNS = 3;

const NOTES: Record<(typeof STAGES)[number], string> = {
    "first-preview": "all of them new; with the start of the program",
    up: "ConfigMaps, Services, policies, accounts and Deployments without pods",
    preview: "all of them there and the same; with the start of the program",
    destroy: "until the namespace is gone",
};

export const objectsBench: Bench = {
    id: `kubernetes.objects.${COUNT}`,
    async run(say) {
        const cluster = await ensureCluster({ say });
        const taken: Lifetime[] = [];
        for (let n = 0; n < RUNS; n++) {
            taken.push(await lifetime(cluster));
            say(`  ${JSON.stringify(taken[n])}`);
        }
        return STAGES.map((stage) =>
            row(
                `kubernetes.objects.${COUNT}.${stage}`,
                "s",
                taken.map((each) => each[stage]),
                { note: NOTES[stage], ...(stage.endsWith("preview") && { aim: { of: "value", most: 5 } }) },
            ),
        );
    },
};

async function lifetime(cluster: Cluster): Promise<Lifetime> {
    const stateDir = mkdtempSync(join(tmpdir(), "groundwork-bench-"));
    const namespace = `bench-${randomBytes(3).toString("hex")}`;
    try {
        const file = join(__dirname, "objects-process.ts");
        const args = ["--import", "tsx", file, String(COUNT), namespace, stateDir];
        const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
        const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
        const result = await finished(child);
        expectCode(result, 0);
        return JSON.parse(result.stdout) as Lifetime;
    } finally {
        await cluster.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
        rmSync(stateDir, { recursive: true, force: true });
    }
}
