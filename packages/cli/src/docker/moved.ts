/**
 * Which Docker engine a stack is on. Its state has the address that it was brought up with; a command is given one now, by the stack's file
 * or by DOCKER_HOST. Where they differ, the engine has another address now, or it is another engine, on which nothing of the state would be
 * found.
 */
import type { ResourceState, UntypedDeployment } from "@groundwork/engine/api";
import type Docker from "dockerode";

import { UsageError } from "../errors";
import { reachDocker } from "./client";
import { CONTAINER, stackFilter } from "./drift";

const PROVIDER = "pulumi:providers:docker";
const NETWORK = "docker:index/network:Network";
const VOLUME = "docker:index/volume:Volume";

export interface Whereabouts {
    stack: string;
    state: UntypedDeployment;
    /** `groundwork:docker.host`. */
    host: string | undefined;
    /** The program is about to run, which goes by the address that is given now; else, where none is given, the state's counts. */
    runsProgram: boolean;
}

/**
 * Has the run that follows reach the engine by the address that is given now.
 * @returns the engine where it was asked, as it is before a run without the program
 * @throws UsageError when that is another engine than the one that the stack was brought up on, FailedError when it does not answer
 */
export async function followEngine({ stack, state, host, runsProgram }: Whereabouts): Promise<Docker | undefined> {
    const resources = state.deployment.resources ?? [];
    const provider = resources.find(({ type }) => type === PROVIDER);
    if (provider === undefined) return undefined;
    const { connectDocker, DEFAULT_DOCKER_HOST, relocateDocker } = await import("@groundwork/engine/docker");
    const given = host ?? (process.env["DOCKER_HOST"] || undefined);
    const recorded = textOf(provider.inputs?.["host"]);
    const then = recorded ?? DEFAULT_DOCKER_HOST;
    const now = given ?? (runsProgram ? DEFAULT_DOCKER_HOST : then);
    // Without an address of its own, the state's provider would go by DOCKER_HOST.
    const reached = connectDocker(recorded === undefined ? {} : { host: recorded }).host;
    if (runsProgram && now === then && now === reached) return undefined;
    const { docker } = await reachDocker(now);
    if (now !== then && !(await has(docker, stack, resources))) throw another({ stack, then, now, host });
    relocateDocker(reached, now);
    return docker;
}

/** Ids are an engine's own; names of volumes are not, so they count only where nothing else of such a stack is there. */
async function has(docker: Docker, stack: string, resources: ResourceState[]): Promise<boolean> {
    const idsOf = (type: string): Set<unknown> =>
        new Set(resources.filter((each) => each.type === type).map(({ id }) => id));
    const filters = { label: [stackFilter(stack)] };
    const [containers, networks] = await Promise.all([
        docker.listContainers({ all: true, filters }),
        docker.listNetworks({ filters }),
    ]);
    const known = new Set([...idsOf(CONTAINER), ...idsOf(NETWORK)]);
    if (known.size === 0) return true;
    const found = [...containers, ...networks];
    if (found.some(({ Id }) => known.has(Id))) return true;
    if (found.length > 0) return false;
    const volumes = idsOf(VOLUME);
    const { Volumes } = await docker.listVolumes({ filters });
    // No list rather than an empty one.
    return ((Volumes as typeof Volumes | null) ?? []).some(({ Name }) => volumes.has(Name));
}

function another({ stack, then, now, host }: { stack: string; then: string; now: string; host?: string }): UsageError {
    const source = host !== undefined ? "groundwork:docker.host" : process.env["DOCKER_HOST"] ? "DOCKER_HOST" : "";
    const by = source === "" ? "where neither groundwork:docker.host nor DOCKER_HOST names another" : source;
    return new UsageError(
        `Stack ${stack} was brought up on the Docker engine at ${then}, and the one at ${now} (${by}) has nothing of it. Nothing was changed.`,
        [
            "Do one of these:",
            `- where it is still there, say so: ${host === undefined ? `DOCKER_HOST=${then}` : `groundwork:docker.host: ${then}`};`,
            "- to have it on this engine as well, choose another name: a file Pulumi.<name>.yaml, and --stack <name>;",
            "- where that engine is gone for good, docs/troubleshooting.md says how to begin anew.",
        ].join("\n"),
    );
}

function textOf(value: unknown): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}
