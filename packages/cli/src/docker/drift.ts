/** A stack's containers on the Docker engine, held against what its state knows. One request, so that a preview has time for it. */
import type { ResourceState, UntypedDeployment } from "@groundwork/engine/api";
import type Docker from "dockerode";

import { LABEL_PREFIX } from "../../../../targets/docker/labels";

export const CONTAINER = "docker:index/container:Container";

export interface StackContainer {
    id: string;
    name: string;
    /** `running`, `exited`, `restarting`, `paused`, `created`, `dead`. */
    state: string;
    created: Date;
    /** The networks that it is on, by name and by id: a state has either. */
    networks: string[];
}

/** Every container with the stack's label, the oldest first. */
export async function containersOf(
    docker: Docker,
    stack: string,
    abortSignal?: AbortSignal,
): Promise<StackContainer[]> {
    const filters = { label: [stackFilter(stack)] };
    const containers = await docker.listContainers({ all: true, filters, abortSignal });
    return containers
        .map((c) => ({
            id: c.Id,
            name: (c.Names[0] ?? c.Id).replace(/^\//, ""),
            state: c.State,
            created: new Date(c.Created * 1000),
            networks: Object.entries(c.NetworkSettings.Networks).flatMap(([name, { NetworkID }]) => [name, NetworkID]),
        }))
        .sort((a, b) => a.created.getTime() - b.created.getTime() || a.name.localeCompare(b.name));
}

/** As `docker ps --filter label=` takes it. */
export function stackFilter(stack: string): string {
    return `${LABEL_PREFIX}stack=${stack}`;
}

/** Containers that the state says run. */
export function runningByState({ deployment }: UntypedDeployment): ResourceState[] {
    return (deployment.resources ?? []).filter(
        (r) => r.type === CONTAINER && r.delete !== true && r.inputs?.["mustRun"] === true && r.id !== undefined,
    );
}

/**
 * Containers that the state says run and that do not, or not on each of their networks, with what became of them: somebody stopped, removed
 * or disconnected them by hand.
 */
export function changedByHand(containers: StackContainer[], state: UntypedDeployment): string[] {
    return runningByState(state).flatMap((resource) => {
        const found = containers.find((c) => c.id === resource.id);
        if (found?.state !== "running") return [`${found?.name ?? nameOf(resource)} (${found?.state ?? "missing"})`];
        const lost = networksOf(resource).filter((network) => !found.networks.includes(network));
        return lost.length === 0 ? [] : [`${found.name} (off ${lost.join(", ")})`];
    });
}

function networksOf({ inputs }: ResourceState): string[] {
    const attachments = (inputs?.["networksAdvanced"] ?? []) as { name: string }[];
    return attachments.map(({ name }) => name);
}

/** By the container's own name, where the state has it. */
export function nameOf({ outputs, inputs, urn }: ResourceState): string {
    return String(outputs?.["name"] ?? inputs?.["name"] ?? urn.split("::").at(-1));
}

/** Nothing was ever begun, or all of it is gone. What an interrupted run has begun is known, from its journal. */
export function knowsNothing({ deployment }: UntypedDeployment): boolean {
    return (deployment.resources ?? []).length === 0 && (deployment.pending_operations ?? []).length === 0;
}

/** Containers that carry the stack's label and that its state did not make, nor was about to. */
export function unknownTo(state: UntypedDeployment, containers: StackContainer[]): StackContainer[] {
    const { resources = [], pending_operations = [] } = state.deployment;
    const known = new Set(resources.map((r) => r.id));
    // The id of what was being made when a run was interrupted is not in the state yet.
    const begun = new Set(
        pending_operations
            .map(({ resource }) => resource)
            .filter(isContainer)
            .map(nameOf),
    );
    return containers.filter(({ id, name }) => !known.has(id) && !begun.has(name));
}

function isContainer({ type }: ResourceState): boolean {
    return type === CONTAINER;
}
