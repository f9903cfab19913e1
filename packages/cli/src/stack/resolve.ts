/** From the options to a stack: its name and its file. */
import { existsSync } from "node:fs";
import { join } from "node:path";

import { closest } from "fastest-levenshtein";

import { SYSTEMS } from "../../../../systems";
import { type Environment, ENVIRONMENTS, SYSTEM_KEYS, type SystemKey } from "../../../../systems/types";
import { UsageError } from "../errors";
import type { StackOptions } from "../options";
import { type Project, stacksWithFile, stacksWithState } from "../project";

export interface ResolvedStack {
    name: string;
    /** Path of its file. */
    file: string;
    /** The file is the environment's, and this system goes into the place of its own. */
    substituted?: { system: SystemKey; environment: Environment };
}

/** The name that the options mean, whether there is such a stack or not. */
export function stackName(options: Pick<StackOptions, "stack" | "system" | "env">): string {
    if (options.stack !== undefined) return options.stack;
    const environment = options.env ?? "dev";
    return options.system === undefined ? environment : `${options.system}-${environment}`;
}

/** `opencode-acp-dev` → system and environment; undefined for other names. */
export function parseStackName(name: string): { system: SystemKey; environment: Environment } | undefined {
    for (const environment of ENVIRONMENTS) {
        if (!name.endsWith(`-${environment}`)) continue;
        const system = name.slice(0, -environment.length - 1);
        if ((SYSTEM_KEYS as readonly string[]).includes(system)) return { system: system as SystemKey, environment };
    }
    return undefined;
}

/**
 * The stack of the options: from `Pulumi.<name>.yaml`, or, for a name `<system>-<environment>` without a file, from the environment's file
 * with the system put in its place.
 * @throws UsageError when there is no file, with what there is
 */
export function resolveStack(project: Project, options: StackOptions): ResolvedStack {
    if (options.stack !== undefined && options.env !== undefined) {
        throw new UsageError("--env goes with --system; --stack names a stack whose file says its environment.");
    }
    const name = stackName(options);
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
        throw new UsageError(`--stack: "${name}" is no stack name: letters, digits, ".", "_" and "-", at most 100.`);
    }
    const own = filePath(project, name);
    if (own !== undefined) return { name, file: own };
    const parts = parseStackName(name);
    const file = parts && filePath(project, parts.environment);
    if (parts === undefined || file === undefined) throw noSuchStack(project, name);
    return { name, file, substituted: parts };
}

function filePath(project: Project, name: string): string | undefined {
    return [`Pulumi.${name}.yaml`, `Pulumi.${name}.yml`]
        .map((f) => join(project.dir, f))
        .find((path) => existsSync(path));
}

function noSuchStack(project: Project, name: string): UsageError {
    const known = stacksWithFile(project);
    const near = known.length > 0 ? closest(name, known) : undefined;
    const guess = near !== undefined && near.startsWith(name.slice(0, 2)) ? ` Did you mean ${near}?` : "";
    if (stacksWithState(project).includes(name)) {
        return new UsageError(
            `Pulumi.${name}.yaml is gone from ${project.dir}, while ${project.stateDir} has the state of the stack "${name}".`,
            "Put the file back. To delete the stack, one that says no more than its groundwork:environment is enough.",
        );
    }
    return new UsageError(
        `There is no stack "${name}": no Pulumi.${name}.yaml in ${project.dir}.${guess}`,
        `Stacks here: ${known.join(", ") || "none"}. "gw stack init <system>-<environment>" makes one; systems are ${Object.keys(SYSTEMS).join(", ")}.`,
    );
}
