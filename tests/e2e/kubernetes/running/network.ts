/** Who reaches whom, asked of the network and not of the policies. */
import { afterAll, describe, expect, it } from "vitest";

import type { RunningStack } from "./stack";

const MINUTES = 60_000;
const STRANGER = "e2e-k8s-stranger";

interface Address {
    ip: string;
    port: number;
}

export function network(running: RunningStack): void {
    describe("the network of the stack", () => {
        afterAll(async () => {
            await running.cluster?.kubectl("delete", "pod", STRANGER, "--ignore-not-found", "--grace-period=1");
        });

        it("lets through exactly what the system's data names", { timeout: 3 * MINUTES }, async (context) => {
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
                        if (await reaches(running, pod.name, address)) reached.push(`${from} -> ${to}`);
                    }
                    return reached;
                }),
            );
            expect(found.flat().sort()).toEqual(wanted.sort());
        });

        it("lets a stranger to the edge and to nothing else", { timeout: 2 * MINUTES }, async (context) => {
            if (!running.cluster.networkPolicies) return context.skip("not enforced here");
            const { cluster, there } = running;
            const containers = [{ name: "main", image: cluster.toolsImage, command: ["sleep", "600"] }];
            const spec = { terminationGracePeriodSeconds: 0, containers };
            await cluster.apply([{ apiVersion: "v1", kind: "Pod", metadata: { name: STRANGER }, spec }]);
            await cluster.kubectl("wait", "--for=condition=Ready", `pod/${STRANGER}`, "--timeout", "60s");
            const reached: string[] = [];
            for (const [to, port] of PORTS) {
                const { ip } = await there.readyPod(to);
                const ask = ["exec", STRANGER, "--", "nc", "-z", "-w", "3", ip, String(port)];
                if (
                    await cluster.kubectl(...ask).then(
                        () => true,
                        () => false,
                    )
                )
                    reached.push(to);
            }
            expect(reached).toEqual(["caddy"]);
        });

        it("keeps the cluster's own API from the stack's pods", { timeout: MINUTES }, async (context) => {
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
                expect(await reaches(running, pod.name, { ip, port: 443 })).toBe(false);
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

/**
 * Whether a pod can connect, from its own container.
 * @throws Error when the other end refuses: then nothing listens there, and who was let through is not known
 */
async function reaches({ there }: RunningStack, pod: string, { ip, port }: Address): Promise<boolean> {
    const connect = `timeout 3 bash -c 'exec 3<>/dev/tcp/${ip}/${port}' 2>&1; echo "code $?"`;
    const said = await there.exec(pod, "sh", "-c", connect);
    const code = /code (\d+)\s*$/.exec(said)?.[1];
    if (code !== "0" && code !== "124") throw new Error(`${pod} to ${ip}:${port}: ${said}`);
    return code === "0";
}
