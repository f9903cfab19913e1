import type { Environment, System } from "../../systems/types";
import { DEFAULTS, type DefaultPath, defaultOf } from "../defaults";
import type { KeyPath, Problems } from "../problems";
import type { ConfigInput } from "../schema";

/** What a rule sees: a config whose parts have the right types, and where to report. */
export interface RuleContext {
    input: ConfigInput;
    problems: Problems;
}

/** For rules that need to know the system and the environment. */
export interface SystemRuleContext extends RuleContext {
    system: System;
    environment: Environment;
}

/** What a key will be once defaults are filled in; undefined where it must be said and is not. */
export function effective({ input, system, environment }: SystemRuleContext, path: DefaultPath): unknown {
    return at(input, path.split(".")) ?? defaultOf(path, system, environment);
}

/** The value under a path of plain keys. */
export function at(input: ConfigInput, path: KeyPath): unknown {
    return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], input);
}

/** Keys that have no default in this environment must be there. */
export function requiredKeys(context: SystemRuleContext, examples: Partial<Record<DefaultPath, string>>): void {
    const { problems, environment } = context;
    for (const path of Object.keys(DEFAULTS) as DefaultPath[]) {
        const keys = path.split(".");
        if (effective(context, path) !== undefined || problems.touches(keys)) continue;
        const example = examples[path];
        problems.add({
            path: keys,
            rule: `is required in ${environment}: it has no default there`,
            remedy: example === undefined ? undefined : problems.set(keys, example),
        });
    }
}
