import type { StackOptions } from "../options";
import { findProject, stacksWithState } from "../project";
import { openRuntime, type Place } from "./open";
import type { Runtime } from "./runtime";
import { openSession, type Session } from "../session";
import { fromText, isMap } from "../stack/text";
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

/**
 * What the stack runs on, which answers: as its file says, unless the options say otherwise.
 * @throws FailedError with what to do when it does not answer
 */
export function runtimeOf(session: Session, target?: Place["target"]): Promise<Runtime> {
    return openRuntime(session.stack.name, placeOf(session, target));
}

/** Read without validation, so that what runs can be looked at whatever else is wrong with the file. */
export function placeOf(session: Session, target?: Place["target"]): Place {
    const said = session.read.config["groundwork:target"]?.value;
    return {
        target: target ?? (said === "kubernetes" ? "kubernetes" : "docker"),
        docker: mapOf(session, "groundwork:docker"),
        kubernetes: mapOf(session, "groundwork:kubernetes") as Place["kubernetes"],
        stores: mapOf(session, "groundwork:stores") as Place["stores"],
    };
}

/** `groundwork:docker.host` of the stack's file. */
export function dockerHostOf(session: Session): string | undefined {
    return placeOf(session).docker.host;
}

/** What is no map is for validation to tell, where it matters. */
function mapOf(session: Session, key: string): Record<string, string | undefined> {
    const value = fromText(session.read.config[key]?.value ?? "");
    return isMap(value) ? (value as Record<string, string | undefined>) : {};
}
