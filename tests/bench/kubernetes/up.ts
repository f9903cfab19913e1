/** `gw up` of a system on a cluster, against `kubectl apply` and `kubectl wait` of the same manifests. */
import { rmSync } from "node:fs";
import { join } from "node:path";

import { localImageRef } from "../../../images/local";
import { SYSTEMS } from "../../../systems";
import { imageKeys, type SystemKey } from "../../../systems/types";
import { expectCode, Sandbox } from "../../e2e/docker/support/sandbox";
import { type Cluster, ensureCluster } from "../../e2e/kubernetes/cluster/cluster";
import { waitFor } from "../../e2e/kubernetes/cluster/shell";
import { type Bench, row, seconds } from "../row";

const RUNS = 3;

/** Seconds that `kubectl wait` gives everything to come up. */
const WAIT = 300;

export function upBench(system: SystemKey): Bench {
    const id = `kubernetes.up.${system}`;
    return {
        id,
        async run(say) {
            const cluster = await ensureCluster({ say });
            const stack = new Stack(cluster, system);
            const own: number[] = [];
            const theirs: number[] = [];
            try {
                await stack.prepare();
                // Each in turn, so that what else the machine does falls on both.
                for (let n = 0; n < RUNS; n++) {
                    own.push(await stack.up());
                    const manifests = await stack.render();
                    await stack.destroy();
                    theirs.push(await seconds(() => stack.apply(manifests)));
                    await stack.sweep();
                    say(`  gw ${own[n]!.toFixed(1)} s, kubectl ${theirs[n]!.toFixed(1)} s`);
                }
            } finally {
                await stack.sweep();
                stack.remove();
            }
            return [
                row(id, "s", own, {
                    against: { what: "kubectl apply --server-side and wait", runs: theirs },
                    aim: { of: "ratio", most: 1.2 },
                    note: "from nothing but the images until everything is ready",
                }),
            ];
        },
    };
}

/** A dev stack on the cluster, with the stand-ins of its images. */
class Stack {
    private readonly sandbox: Sandbox;
    private readonly namespace: string;

    constructor(
        private readonly cluster: Cluster,
        private readonly system: SystemKey,
    ) {
        const name = `bench-${system}`;
        this.namespace = `gw-${name}`;
        this.sandbox = new Sandbox(name, system, 60);
        this.sandbox.environment = { KUBECONFIG: cluster.kubeconfig };
        this.sandbox.configure({ target: "kubernetes", images: { source: "local" } });
    }

    async prepare(): Promise<void> {
        await this.sweep();
        await this.gw("images", "build");
        await this.cluster.loadImages(imageKeys(SYSTEMS[this.system]).map(localImageRef));
    }

    async up(): Promise<number> {
        return (await this.gw("up", "--yes")).seconds;
    }

    async destroy(): Promise<void> {
        await this.gw("destroy", "--yes");
        await this.gone();
    }

    /** @returns the directory of the manifests of what is up, with the values of its secrets */
    async render(): Promise<string> {
        const out = join(this.sandbox.directory, "manifests");
        rmSync(out, { recursive: true, force: true });
        await this.gw("render", "--with-secrets", "--out", out);
        return out;
    }

    /** As somebody does it who has only kubectl. */
    async apply(directory: string): Promise<void> {
        await this.cluster.kubectl("apply", "--server-side", "-f", directory);
        const timeout = ["--timeout", `${WAIT}s`];
        for (const [kind, condition] of [
            ["statefulset", "jsonpath={.status.availableReplicas}=1"],
            ["job", "condition=Complete"],
            ["deployment", "condition=Available"],
        ] as const) {
            const what = ["--namespace", this.namespace, kind, "--all"];
            await this.cluster.kubectl("wait", `--for=${condition}`, ...what, ...timeout);
        }
    }

    /** Removes the namespace, and with it everything that is worth a word. */
    async sweep(): Promise<void> {
        await this.cluster.kubectl("delete", "namespace", this.namespace, "--ignore-not-found");
        const label = `dev.groundwork/stack=bench-${this.system}`;
        await this.cluster.kubectl("delete", "priorityclasses", "-l", label, "--ignore-not-found");
        await this.gone();
    }

    remove(): void {
        this.sandbox.remove();
    }

    /** Volumes go some time after their claims, and what is measured next would wait for the disk. */
    private gone(): Promise<void> {
        const claims = ["get", "persistentvolumes", "-o", "jsonpath={.items[*].spec.claimRef.namespace}"];
        return waitFor(async () => !(await this.cluster.kubectl(...claims)).split(" ").includes(this.namespace), {
            what: `the end of the volumes of ${this.namespace}`,
            seconds: 90,
        });
    }

    private async gw(...args: string[]) {
        const result = await this.sandbox.gw(...args);
        expectCode(result, 0);
        return result;
    }
}
