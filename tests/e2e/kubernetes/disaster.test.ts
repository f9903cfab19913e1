import Docker from "dockerode";
import { beforeEach } from "vitest";

import { buildLocalImages } from "../../../packages/cli/src/images/build";
import type { Ruin } from "../support/disaster/place";
import { disasterDrill } from "../support/disaster/suite";
import { type Cluster, ClusterUnavailableError, ensureCluster } from "./cluster/cluster";
import { ClusterBucket } from "./support/bucket";
import { Inventory } from "./support/inventory";
import { Sandbox } from "./support/sandbox";

let reached: Promise<Cluster> | undefined;
const cluster = (): Promise<Cluster> => (reached ??= ensureCluster());

async function missing(): Promise<string | undefined> {
    try {
        await cluster();
        return undefined;
    } catch (error) {
        if (error instanceof ClusterUnavailableError) return error.message;
        throw error;
    }
}

beforeEach(async (context) => {
    const why = await missing();
    if (why !== undefined) context.skip(why);
});

disasterDrill({
    title: "Kubernetes",
    prefix: "e2e-k8s-",
    missing,
    async openBucket() {
        const there = await cluster();
        const { refs } = await buildLocalImages(["backup", "s3"], { docker: new Docker(), log: () => undefined });
        await there.loadImages(refs);
        return ClusterBucket.start(there);
    },
    closeBucket: async () => ClusterBucket.sweep(await cluster()),
    async open(stack, system, offset) {
        const there = new Inventory(await cluster(), stack);
        const sandbox = new Sandbox(there.cluster, stack, system, offset);
        await sandbox.loadImages();
        const inside: Ruin["inside"] = async (service, script) => {
            const { name } = await there.readyPod(service);
            return (await there.exec(name, "sh", "-ec", script)).trim();
        };
        return {
            sandbox,
            shipper: "backup-postgres-wal",
            inside,
            async backUp(store, schedule) {
                const job = `backup-${store}-now`;
                await there.kubectl("create", "job", job, `--from=cronjob/backup-${store}-${schedule}`);
                await there.kubectl("wait", `job/${job}`, "--for=condition=complete", "--timeout=900s");
                await there.kubectl("delete", "job", job);
            },
            isAt: async (step) =>
                (await there.kubectl("get", "jobs", "-o", "name", "--ignore-not-found")).includes(`/restore-${step}`),
            raze: () => there.sweep(),
        };
    },
});
