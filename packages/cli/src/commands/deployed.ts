import type Docker from "dockerode";

import { reachDocker } from "../docker/client";
import { UsageError } from "../errors";
import type { StackOptions } from "../options";
import { findProject, stacksWithState } from "../project";
import type { Session } from "../session";
import { openSession } from "../session";
import type { Output } from "../ui/output";

/**
 * The stack to look at. When none is named and the default has no state while one other stack has, that one is meant; said so on stderr.
 */
export async function openDeployed<T extends StackOptions>(options: T, output: Output): Promise<Session> {
    if (options.stack !== undefined || options.system !== undefined || options.env !== undefined)
        return openSession(options, output);
    const stacks = options.engine === "pulumi" ? [] : stacksWithState(findProject(options.cwd));
    const [only] = stacks;
    if (only === undefined || stacks.length > 1 || only === "dev") return openSession(options, output);
    output.note(output.style.dim(`Stack ${only}, the only one with state here.`));
    return openSession({ ...options, stack: only }, output);
}

/** The stack to look at and its Docker engine. */
export async function deployedDocker(
    options: StackOptions,
    output: Output,
): Promise<{ session: Session; docker: Docker; local: boolean }> {
    const session = await openDeployed(options, output);
    if (session.read.config["groundwork:target"]?.value === "kubernetes") {
        throw new UsageError(`Stack ${session.stack.name} runs on Kubernetes: use kubectl.`);
    }
    const { docker, local } = await reachDocker(dockerHostOf(session));
    return { session, docker, local };
}

/** `groundwork:docker.host` of the stack's file. */
export function dockerHostOf({ read }: Session): string | undefined {
    const text = read.config["groundwork:docker"]?.value;
    return text?.startsWith("{") ? (JSON.parse(text) as { host?: string }).host : undefined;
}
