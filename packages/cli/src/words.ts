/** Commands of this `gw` in messages, for people to copy. */
import { shellWord } from "@groundwork/engine/shell";

import type { StackOptions } from "./options";
import type { ResolvedStack } from "./stack/resolve";

/** How this `gw` was called: from a checkout it is on nobody's PATH. */
export function calledAs(): string {
    const command = process.env["GW_COMMAND"];
    return command === undefined ? "gw" : shellWord(command);
}

/** The commands on a stack, which take `--engine`, and those on a project. */
const ON_STACK = [
    ...["backups", "config (?:get|rm|set)", "destroy", "doctor", "drill", "images build", "logs", "outputs"],
    ...[
        "preview",
        "rebuild",
        "refresh",
        "render",
        "restore",
        "smoke",
        "state (?:export|import|unlock)",
        "status",
        "up",
    ],
].join("|");
const ON_PROJECT = ["policy", "report", "stack (?:init|ls)"].join("|");
const GROUP = ["config", "images", "stack", "state"].join("|");
const COMMAND = new RegExp(`(?<![\\w./-])gw (?:(${ON_STACK})|(${ON_PROJECT})|(${GROUP}))\\b( --cwd)?`, "g");

type Given = Pick<StackOptions, "cwd" | "engine">;

let given: Given = {};

/** Notes the options of the command that is running: without them, what a message says to run would be run on something else. */
export function repeatInCommands({ cwd, engine }: Given): void {
    given = { cwd, engine };
}

/**
 * A text with this `gw` in its commands, and with the options that say where: who wrote it, as the engine or the toolbox of the backups,
 * cannot know them. A command that names its own `--cwd` keeps that.
 */
export function asCalled(text: string): string {
    const cwd = given.cwd === undefined ? "" : ` --cwd ${shellWord(given.cwd)}`;
    const engine = given.engine === undefined ? "" : ` --engine ${given.engine}`;
    return text.replace(COMMAND, (_all, onStack?: string, onProject?: string, group?: string, elsewhere?: string) => {
        if (elsewhere !== undefined) return `${calledAs()} ${onStack ?? onProject ?? group}${elsewhere}`;
        if (onStack !== undefined) return `${calledAs()} ${onStack}${cwd}${engine}`;
        return onProject === undefined ? `${calledAs()} ${group}` : `${calledAs()} ${onProject}${cwd}`;
    });
}

/** The options that name a stack in a command; empty for the default stack. */
export function stackFlag({ stack }: { stack: Pick<ResolvedStack, "name" | "substituted"> }): string {
    if (stack.name === "dev") return "";
    const { substituted } = stack;
    if (!substituted) return ` --stack ${stack.name}`;
    return ` --system ${substituted.system}${substituted.environment === "dev" ? "" : ` --env ${substituted.environment}`}`;
}
