/** Mends what a rule finds, for those rules whose every finding has one remedy. */
import { checkResource } from "./check";
import { keysOf } from "./property-path";
import type { Raw } from "./raw";
import { type Resource, resource as resourceOf } from "./resource";
import type { Context, Rule } from "./rule";
import type { SettingsSchema } from "./settings";

/**
 * The properties with all that the rule finds mended. What else is in them stays the same object: it may be a secret in its wrapping.
 *
 * @param props of the resource, without guards
 * @returns undefined when nothing is wrong, or when it would not be right afterwards either
 */
export function mended(rule: Rule, resource: Resource, props: Raw, context: Context<SettingsSchema>): Raw | undefined {
    const { mend } = rule;
    if (!mend) return undefined;
    const { findings } = checkResource(rule, resource, context);
    if (findings.length === 0) return undefined;
    const better = findings.reduce((so, { path }) => replaced(so, keysOf(path), mend) as Raw, props);
    const again = checkResource(rule, resourceOf({ ...resource, props: better }), context);
    return again.findings.length === 0 ? better : undefined;
}

/** A copy of what is on the way to a value, with another value in its place. */
function replaced(from: unknown, keys: readonly (string | number)[], value: (found: unknown) => unknown): unknown {
    const [key, ...rest] = keys;
    if (key === undefined) return value(from);
    if (Array.isArray(from)) return from.map((item: unknown, n) => (n === key ? replaced(item, rest, value) : item));
    const map = (typeof from === "object" ? from : undefined) as Raw | null | undefined;
    return { ...map, [key]: replaced(map?.[key], rest, value) };
}
