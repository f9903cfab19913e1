/** Whose a stack on the Docker engine is: this directory's state must know what carries the stack's label. */
import type { ResourceState, UntypedDeployment } from "@groundwork/engine/api";

import { LABEL_PREFIX as DOCKER_PREFIX } from "../../../../targets/docker/labels";
import { LABEL_PREFIX as KUBERNETES_PREFIX } from "../../../../targets/kubernetes/labels";
import { knowsNothing, type StackContainer, stackFilter, unknownTo } from "../docker/drift";
import { UsageError } from "../errors";
import type { Output } from "../ui/output";
import { plural, wrap } from "../ui/text";

export interface Ownership {
    stack: string;
    /** Where the state is, for messages. */
    stateDir: string;
    /** `groundwork:docker.host`, for commands that users copy. */
    dockerHost?: string;
    /** Absent: there is none. */
    state?: UntypedDeployment;
    /** What the Docker engine has of the stack. */
    containers: StackContainer[];
}

/**
 * A second directory that brings the same stack up would take the names, and on its way the containers, of the first.
 * @throws UsageError when the stack runs and the state knows nothing of it
 */
export function refuseForeignStack({ stack, stateDir, dockerHost, state, containers }: Ownership): void {
    const [oldest] = containers;
    if (oldest === undefined || (state !== undefined && !knowsNothing(state))) return;
    const since = oldest.created.toISOString().replace(/\.\d+Z$/, "Z");
    const docker = dockerCommand(dockerHost);
    const filter = `--filter label=${stackFilter(stack)}`;
    throw new UsageError(
        `The Docker engine has ${plural(containers.length, "container")} of a stack ${stack} already (the oldest: ${oldest.name}, since ${since}), ` +
            `and the state in ${stateDir} knows nothing of it. Nothing was changed.`,
        [
            "Another directory brought it up, or its state was lost. Do one of these:",
            "- work in the directory that brought it up;",
            `- bring its state here: "gw state export --cwd <that directory> --stack ${stack} --file state.json", then "gw state import --stack ${stack} state.json",`,
            "  with the same PULUMI_CONFIG_PASSPHRASE or .groundwork/passphrase;",
            "- remove its containers and networks (its volumes, which hold its data, stay):",
            `    ${docker} ps --all --quiet ${filter} | xargs ${docker} rm --force`,
            `    ${docker} network ls --quiet ${filter} | xargs --no-run-if-empty ${docker} network rm`,
            "- choose another name: a file Pulumi.<name>.yaml with ports of its own, and --stack <name>.",
        ].join("\n"),
    );
}

/**
 * Another system has other stores under the same names: it would take the data of the first for its own, and delete the rest.
 * @throws UsageError when the stack was brought up as another system
 */
export function refuseOtherSystem(stack: string, system: string, { deployment }: UntypedDeployment): void {
    const systems = (deployment.resources ?? []).flatMap(systemsOn);
    const [first] = systems;
    if (first === undefined || systems.includes(system)) return;
    throw new UsageError(
        `Stack ${stack} was brought up as ${first}, and groundwork:system is ${system} now. Nothing was changed.`,
        [
            "A stack stays the system that it is. Do one of these:",
            `- put groundwork:system back to ${first};`,
            `- bring ${system} up beside it: "gw up --system ${system}", or a file Pulumi.<name>.yaml with ports of its own, and --stack <name>;`,
            `- delete it first, with its data: "gw destroy --stack ${stack}".`,
        ].join("\n"),
    );
}

/** The system that a container, a volume or an object of Kubernetes says it is of. */
function systemsOn({ type, inputs }: ResourceState): string[] {
    if (type.startsWith("docker:")) {
        const labels = (inputs?.["labels"] ?? []) as { label: string; value: string }[];
        return labels.filter(({ label }) => label === `${DOCKER_PREFIX}system`).map(({ value }) => value);
    }
    const { labels } = (inputs?.["metadata"] ?? {}) as { labels?: Record<string, string> };
    const system = labels?.[`${KUBERNETES_PREFIX}system`];
    return typeof system === "string" ? [system] : [];
}

/** Says which containers an older state, which somebody restored, does not know: their names are taken. */
export function nameUnknown(
    { dockerHost, state, containers }: Ownership & { state: UntypedDeployment },
    output: Output,
): void {
    const unknown = knowsNothing(state) ? [] : unknownTo(state, containers).map(({ name }) => name);
    if (unknown.length === 0) return;
    output.note(
        `The state does not know ${plural(unknown.length, "container")} of this stack. Was an older state restored?`,
        ...wrap(unknown, "  ", output.columns),
        `Where one is in the way, or runs beside its successor: ${dockerCommand(dockerHost)} rm --force <name>`,
    );
}

/** The Docker CLI on the stack's engine. @param host `groundwork:docker.host` */
export function dockerCommand(host: string | undefined): string {
    return host === undefined ? "docker" : `docker --host ${host}`;
}
