/** Commands of this `gw` in messages, for people to copy. */
import { shellWord } from "@groundwork/engine/src/shell";

import type { ResolvedStack } from "./stack/resolve";

/** How this `gw` was called: from a checkout it is on nobody's PATH. */
export function calledAs(): string {
    const command = process.env["GW_COMMAND"];
    return command === undefined ? "gw" : shellWord(command);
}

const COMMANDS = [
    ...["backups", "config", "destroy", "doctor", "drill", "images", "logs", "outputs", "policy", "preview", "refresh"],
    ...["rebuild", "render", "report", "restore", "smoke", "stack", "state", "status", "up"],
];
const COMMAND = new RegExp(`(?<![\\w./-])gw (?=(?:${COMMANDS.join("|")})\\b)`, "g");

/** A text with this `gw` in its commands: who wrote it, as the engine or the toolbox of the backups, cannot know how it is called. */
export function asCalled(text: string): string {
    return text.replace(COMMAND, () => `${calledAs()} `);
}

/** The options that name a stack in a command; empty for the default stack. */
export function stackFlag({ stack }: { stack: Pick<ResolvedStack, "name" | "substituted"> }): string {
    if (stack.name === "dev") return "";
    const { substituted } = stack;
    if (!substituted) return ` --stack ${stack.name}`;
    return ` --system ${substituted.system}${substituted.environment === "dev" ? "" : ` --env ${substituted.environment}`}`;
}
