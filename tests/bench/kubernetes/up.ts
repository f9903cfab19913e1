/** `gw up` of a system on a cluster, against `kubectl apply` and `kubectl wait` of the same manifests. */
import { rmSync } from "node:fs";
import { join } from "node:path";

import type { SystemKey } from "../../../systems/types";
import { type Cluster, ensureCluster } from "../../e2e/kubernetes/cluster/cluster";
import { Inventory } from "../../e2e/kubernetes/support/inventory";
import { Sandbox } from "../../e2e/kubernetes/support/sandbox";
import { expectCode, type Result } from "../../e2e/support/sandbox";
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
    private readonly there: Inventory;

    constructor(
        private readonly cluster: Cluster,
        system: SystemKey,
    ) {
        const name = `bench-${system}`;
        this.sandbox = new Sandbox(cluster, name, system, 97);
        this.sandbox.configure({ images: { source: "local" } });
        this.there = new Inventory(cluster, name);
    }

    async prepare(): Promise<void> {
        await this.there.sweep();
        await this.gw("images", "build");
        await this.sandbox.loadImages();
    }

    async up(): Promise<number> {
        return (await this.gw("up", "--yes")).seconds;
    }

    /** With its volumes, which go some time after their claims: what is measured next would wait for the disk. */
    async destroy(): Promise<void> {
        await this.gw("destroy", "--yes");
        await this.there.volumesGone();
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
        for (const [kind, condition] of [
            ["statefulset", "jsonpath={.status.availableReplicas}=1"],
            ["job", "condition=Complete"],
            ["deployment", "condition=Available"],
        ] as const)
            await this.there.kubectl("wait", `--for=${condition}`, kind, "--all", "--timeout", `${WAIT}s`);
    }

    sweep(): Promise<void> {
        return this.there.sweep();
    }

    remove(): void {
        this.sandbox.remove();
    }

    private async gw(...args: string[]): Promise<Result> {
        const result = await this.sandbox.gw(...args);
        expectCode(result, 0);
        return result;
    }
}
