import type { Session } from "../session";

/** The options that name a stack in a command for users; empty for the default stack. */
export function stackFlag({ stack }: Pick<Session, "stack">): string {
    if (stack.name === "dev") return "";
    const { substituted } = stack;
    if (!substituted) return ` --stack ${stack.name}`;
    return ` --system ${substituted.system}${substituted.environment === "dev" ? "" : ` --env ${substituted.environment}`}`;
}
