/** What the tests ask the real Docker engine, besides Groundwork itself: the engine's own word is the judge. */
import { isDeepStrictEqual } from "node:util";

import Docker from "dockerode";

import { ifThere } from "../../../../packages/cli/src/docker/errors";
import { waitFor } from "../../support/wait";

export const docker = new Docker();

const LABEL = "dev.groundwork.stack";

export interface Seen {
    id: string;
    name: string;
    service: string;
    component: string;
    restart: string;
    state: string;
    health: string;
    startedAt: string;
}

/** Why the suite cannot run here, or undefined when a Docker engine answers. */
export async function missingDocker(): Promise<string | undefined> {
    try {
        await docker.ping();
        return undefined;
    } catch (error) {
        return `no Docker engine answers: ${(error as Error).message}`;
    }
}

/** Every container of a stack, running or not. */
export async function containersOf(stack: string): Promise<Seen[]> {
    const listed = await docker.listContainers({ all: true, filters: { label: [`${LABEL}=${stack}`] } });
    const inspected = await Promise.all(listed.map(({ Id: id }) => ifThere(docker.getContainer(id).inspect())));
    return inspected
        .filter((each) => each !== undefined)
        .map((each) => ({
            id: each.Id,
            name: each.Name.slice(1),
            service: each.Config.Labels["dev.groundwork.service"] ?? "",
            component: each.Config.Labels["dev.groundwork.component"] ?? "",
            restart: each.HostConfig.RestartPolicy?.Name || "no",
            state: each.State.Status,
            health: each.State.Health?.Status ?? "none",
            startedAt: each.State.StartedAt,
        }))
        .sort((a, b) => a.name.localeCompare(b.name));
}

/** The containers that are meant to go on: not one-off jobs, nor the holders of files, which are never started. */
export async function servicesOf(stack: string): Promise<Seen[]> {
    return (await containersOf(stack)).filter((each) => each.restart !== "no");
}

/** Kills the main process of a container, as the kernel would. */
export async function killMain(id: string): Promise<void> {
    const { State } = await docker.getContainer(id).inspect();
    // 0 would be this very process and its like.
    if (State.Pid <= 1) throw new Error(`container ${id} does not run`);
    process.kill(State.Pid, "SIGKILL");
}

/** Names of everything that a stack has on the engine, by kind. */
export async function remains(stack: string): Promise<Record<"containers" | "networks" | "volumes", string[]>> {
    const [containers, networks, volumes] = await Promise.all([
        docker.listContainers({ all: true }),
        docker.listNetworks(),
        docker.listVolumes(),
    ]);
    // What has no label is known by its name; a label decides, since one stack's name may start another's.
    const ours = (name: string, labels: Record<string, string> | null | undefined): boolean =>
        labels?.[LABEL] === undefined ? name.startsWith(`gw-${stack}-`) : labels[LABEL] === stack;
    return {
        containers: containers.filter((c) => ours(c.Names[0]!.slice(1), c.Labels)).map((c) => c.Names[0]!.slice(1)),
        networks: networks.filter((n) => ours(n.Name, n.Labels)).map((n) => n.Name),
        volumes: (volumes.Volumes ?? []).filter((v) => ours(v.Name, v.Labels)).map((v) => v.Name),
    };
}

export const NOTHING = { containers: [], networks: [], volumes: [] };

/** Removes whatever an earlier, interrupted run of the tests left of a stack. Some of it may be going by itself meanwhile. */
export async function sweep(stack: string): Promise<void> {
    const isGone = async (): Promise<boolean> => {
        const left = await remains(stack);
        if (isDeepStrictEqual(left, NOTHING)) return true;
        await Promise.allSettled(
            left.containers.map((name) => docker.getContainer(name).remove({ force: true, v: true })),
        );
        await Promise.allSettled(left.networks.map((name) => docker.getNetwork(name).remove()));
        await Promise.allSettled(left.volumes.map((name) => docker.getVolume(name).remove()));
        return isDeepStrictEqual(await remains(stack), NOTHING);
    };
    await waitFor(isGone, {
        what: `the end of ${stack}`,
        seconds: 120,
        explain: async () => JSON.stringify(await remains(stack)),
    });
}

/** What the stacks of tests and benchmarks are called. */
const OF_TESTS = /^(e2e|bench|parity)-/;
/** The network of a lab: stores and the backup toolbox without a stack, `tests/e2e/backup/support/lab.ts`. */
const LAB = /^gw-(lab-[0-9a-f]{6})$/;

/** Containers that tests of the provider made, which belong to no stack and may hold a port. */
async function containersWithoutStack(): Promise<string[]> {
    const all = await docker.listContainers({ all: true });
    return all.filter(({ Names }) => /^\/gw-(provider|parity)-\d+-/.test(Names[0] ?? "")).map(({ Id }) => Id);
}

/** Removes what a killed run of tests or benchmarks left, which would hold ports and memory. @returns names of stacks and labs */
export async function sweepEarlierRuns(): Promise<string[]> {
    if (await missingDocker()) return [];
    const filters = { label: [LABEL] };
    const [containers, networks, { Volumes: volumes }] = await Promise.all([
        docker.listContainers({ all: true, filters }),
        docker.listNetworks({ filters }),
        docker.listVolumes({ filters }),
    ]);
    // One that was killed while it deleted a stack has left no container of it.
    const left = [...containers, ...networks, ...(volumes ?? [])].map(({ Labels }) => Labels?.[LABEL] ?? "");
    const stacks = [...new Set(left)].filter((stack) => OF_TESTS.test(stack));
    const labs = (await docker.listNetworks()).flatMap(({ Name }) => LAB.exec(Name)?.[1] ?? []);
    await Promise.all((await containersWithoutStack()).map((id) => docker.getContainer(id).remove({ force: true })));
    for (const name of [...stacks, ...labs]) await sweep(name);
    for (const lab of labs) await docker.getNetwork(`gw-${lab}`).remove();
    return [...stacks, ...labs].sort();
}
