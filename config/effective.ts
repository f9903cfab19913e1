/** What a key is: what the stack file says, else the default of its environment and system. */
import type { Environment, System } from "../systems/types";
import { type DefaultPath, defaultOf } from "./defaults";
import type { KeyPath } from "./problems";
import type { ConfigInput } from "./schema";

/** What decides it. */
export interface Deciding {
    input: ConfigInput;
    system: System;
    environment: Environment;
}

/** Type of the value under a path such as `edge.httpPort`. */
type ValueAt<T, Path extends string> = Path extends `${infer Key}.${infer Rest}`
    ? ValueAt<PropertyOf<T, Key>, Rest>
    : PropertyOf<T, Path>;
type PropertyOf<T, Key extends string> = NonNullable<NonNullable<T>[Key & keyof NonNullable<T>]>;

/** Undefined where the stack file must say it and does not. */
export function effective<Path extends DefaultPath>(
    { input, system, environment }: Deciding,
    path: Path,
): ValueAt<ConfigInput, Path> | undefined {
    return (at(input, path.split(".")) ?? defaultOf(path, system, environment)) as
        ValueAt<ConfigInput, Path> | undefined;
}

export type Get = <Path extends DefaultPath>(path: Path) => ValueAt<ConfigInput, Path>;

/** For whoever comes after the rules, which have seen to it that what has no default is said. */
export function effectiveValues(deciding: Deciding): Get {
    return (path) => effective(deciding, path)!;
}

/** The value under a path of plain keys. */
export function at(input: ConfigInput, path: KeyPath): unknown {
    return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], input);
}
