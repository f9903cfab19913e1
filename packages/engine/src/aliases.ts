/** Earlier URNs of a resource. */
import type { AliasSpec, Goal } from "./goal";
import { makeUrn, nameOf, qualifiedType, STACK_TYPE, typeOf } from "./urn";

/**
 * URNs that the resource may have had, the likeliest first.
 * @param renamed of resources already matched in this run: new URN to the one in the state
 */
export function aliasUrns(goal: Goal, stack: string, project: string, renamed: ReadonlyMap<string, string>): string[] {
    const direct = goal.aliases.map((alias) => aliasUrn(goal, alias, stack, project, renamed));
    const result = new Set(direct);
    const oldParent = renamed.get(goal.parent);
    if (oldParent) {
        const inherit = (type: string, name: string): string => {
            // Children are named after their parent; with the parent's old name they had the old one too.
            const parentName = nameOf(goal.parent);
            const oldName = name.startsWith(parentName) ? nameOf(oldParent) + name.slice(parentName.length) : name;
            return makeUrn(stack, project, oldParent, type, oldName);
        };
        result.add(inherit(goal.type, goal.name));
        for (const urn of direct) result.add(inherit(typeOf(urn), nameOf(urn)));
    }
    return [...result];
}

function aliasUrn(
    goal: Goal,
    alias: AliasSpec,
    stack: string,
    project: string,
    renamed: ReadonlyMap<string, string>,
): string {
    if (alias.urn) return alias.urn;
    const parent = alias.parent ? (renamed.get(alias.parent) ?? alias.parent) : goal.parent;
    const hasParent = !alias.noParent && parent !== "" && qualifiedType(parent) !== STACK_TYPE;
    return makeUrn(
        alias.stack || stack,
        alias.project || project,
        hasParent ? parent : undefined,
        alias.type || goal.type,
        alias.name || goal.name,
    );
}
