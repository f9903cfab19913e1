/** Who reaches whom, asked of the network and not of the policies. */
import { afterAll, describe, expect, it } from "vitest";

import { localImageRef } from "../../../../images/local";
import type { RunningStack } from "./stack";

const MINUTES = 60_000;
const STRANGER = "e2e-k8s-stranger";

interface Address {
    ip: string;
    port: number;
}

/** Runs a command in a pod. @returns what it wrote */
type Exec = (...command: string[]) => Promise<string>;

export function network(running: RunningStack): void {
    const within =
        (pod: string): Exec =>
        (...command) =>
            running.there.exec(pod, ...command);

    describe("the network of the stack", () => {
        afterAll(async () => {
            await running.cluster?.kubectl("delete", "pod", STRANGER, "--ignore-not-found", "--grace-period=1");
        });

        it("lets through exactly what the system's data names", { timeout: 20 * MINUTES }, async (context) => {
            if (!running.cluster.networkPolicies) return context.skip("not enforced here");
            const { services, edge } = running.system;
            const wanted = [
                ...edge.routes.map(({ service }) => `caddy -> ${service}`),
                ...services.flatMap(({ name, dependsOn }) => dependsOn.map((to) => `${name} -> ${to}`)),
            ];
            const found = await Promise.all(
                [...PORTS.keys()].map(async (from) => {
                    const pod = await running.there.readyPod(from);
                    const others = [...PORTS.keys()].filter((to) => to !== from);
                    const reached: string[] = [];
                    for (const to of others) {
                        const { ip } = await running.there.readyPod(to);
                        const address = { ip, port: PORTS.get(to)! };
                        const way = `${from} -> ${to}`;
                        if (await reaches(within(pod.name), address, wanted.includes(way))) reached.push(way);
                    }
                    return reached;
                }),
            );
            expect(found.flat().sort()).toEqual(wanted.sort());
        });

        it("lets a stranger to the edge and to nothing else", { timeout: 20 * MINUTES }, async (context) => {
            if (!running.cluster.networkPolicies) return context.skip("not enforced here");
            const { cluster, there } = running;
            // Of any image that has what `reaches` needs.
            const image = localImageRef("debt-os-worker");
            const containers = [{ name: "main", image, command: ["sleep", "600"] }];
            const spec = { terminationGracePeriodSeconds: 0, containers };
            await cluster.apply([{ apiVersion: "v1", kind: "Pod", metadata: { name: STRANGER }, spec }]);
            await cluster.kubectl("wait", "--for=condition=Ready", `pod/${STRANGER}`, "--timeout", "300s");
            const exec = (...command: string[]) => cluster.kubectl("exec", STRANGER, "--", ...command);
            const reached: string[] = [];
            for (const [to, port] of PORTS) {
                const { ip } = await there.readyPod(to);
                if (await reaches(exec, { ip, port }, to === "caddy")) reached.push(to);
            }
            expect(reached).toEqual(["caddy"]);
        });

        it("keeps the cluster's own API from the stack's pods", { timeout: 20 * MINUTES }, async (context) => {
            if (!running.cluster.networkPolicies) return context.skip("not enforced here");
            const ip = await running.cluster.kubectl(
                "get",
                "service",
                "kubernetes",
                "-o",
                "jsonpath={.spec.clusterIP}",
            );
            for (const service of ["api", "postgres"]) {
                const pod = await running.there.readyPod(service);
                expect(await reaches(within(pod.name), { ip, port: 443 }, false)).toBe(false);
            }
        });
    });
}

/** Where each workload listens in its pods. */
const PORTS = new Map([
    ["api", 3001],
    ["caddy", 8443],
    ["postgres", 5432],
    ["redis", 6379],
    ["worker", 3001],
]);

/** How often a way that is to be open is tried: a busy node may take longer than one try. */
const TRIES = 10;

/**
 * Whether a pod can connect.
 * @param open whether it is meant to
 * @throws Error when the other end refuses: then nothing listens there, and who was let through is not known
 */
async function reaches(exec: Exec, { ip, port }: Address, open: boolean): Promise<boolean> {
    const connect = `timeout 3 bash -c 'exec 3<>/dev/tcp/${ip}/${port}' 2>&1; echo "code $?"`;
    for (let left = open ? TRIES : 1; left > 0; left -= 1) {
        const said = await exec("sh", "-c", connect);
        const code = /code (\d+)\s*$/.exec(said)?.[1];
        if (code === "0") return true;
        if (code !== "124" && (!open || left === 1)) throw new Error(`${ip}:${port}: ${said}`);
    }
    return false;
}
