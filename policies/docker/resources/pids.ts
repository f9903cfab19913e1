import { numberAt, textAt } from "../../core/raw";
import { remember } from "../../core/remember";
import type { Resource, Stack } from "../../core/resource";
import { FROM_STAGING, ruleFor, type StackUnit } from "../../core/rule";
import { UnknownValueError } from "../../core/unknown";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { CONTAINER } from "../containers";

interface ContainerInStack extends StackUnit {
    readonly resource: Resource;
    readonly stack: Stack;
}

const COMMAND = "command:local:Command";

const containersOf = remember((stack: Stack): readonly ContainerInStack[] =>
    stack.resources.flatMap((resource) => (resource.type === CONTAINER ? [{ path: "", resource, stack }] : [])),
);

/** URNs of what commands of the stack limit: Pulumi's Docker provider has no input for it, and the engine's own tool has. */
const limitedByCommand = remember(({ resources }: Stack): ReadonlySet<string> => {
    const commands = resources.filter(({ type, props }) => type === COMMAND && limitsProcesses(props));
    return new Set(commands.flatMap(({ options }) => Object.values(options.comesFrom ?? {}).flat()));
});

function limitsProcesses(props: Resource["props"]): boolean {
    try {
        return /\bdocker\s+update\b[^\n;&|]*\s--pids-limit\b/.test(textAt(props, "create") ?? "");
    } catch (error) {
        // A command that is not known yet may be any.
        if (error instanceof UnknownValueError) return false;
        throw error;
    }
}

export default ruleFor<ContainerInStack>({
    scope: "stack",
    units: (stack) => ({ units: containersOf(stack), unknown: [], malformed: [] }),
})({
    id: "GW-DOC-044",
    slug: "pids",
    title: "Docker containers have a limit of processes",
    why: "One that forks without end takes every process id of its host, and nothing else can start, not even what would end it.",
    remedy: "In Compose set deploy.resources.limits.pids or pids_limit. In Pulumi, whose Docker provider has no such input, run docker update --pids-limit in a command that is given the container's id.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("5.29"), ...soc2("A1.1")],
    check({ resource, stack }, report) {
        const limit = numberAt(resource.props, "pidsLimit");
        if (limit !== undefined ? limit > 0 : limitedByCommand(stack).has(resource.urn ?? "")) return;
        report("pidsLimit", "must be set");
    },
});
