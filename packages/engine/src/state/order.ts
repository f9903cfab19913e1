/** Order of resources in the state: each comes after all that it needs, as `pulumi stack import` checks. */
import type { ResourceState } from "../api";
import { providerUrn } from "../urn";

export interface Dependent extends ResourceState {
    deletedWith?: string;
    replaceWith?: string[];
}

/** URNs that a resource cannot be without: parent, provider, dependencies, the resource it is deleted with. */
export function* needs(state: Dependent): Generator<string> {
    if (state.parent) yield state.parent;
    if (state.provider) yield providerUrn(state.provider);
    if (state.deletedWith) yield state.deletedWith;
    if (state.dependencies) yield* state.dependencies;
    if (state.replaceWith) yield* state.replaceWith;
    for (const urns of Object.values(state.propertyDependencies ?? {})) yield* urns;
}

/** Stable: keeps the given order where it is right already. A needed URN counts as met by any resource that has it. */
export function inDependencyOrder<T>(items: T[], stateOf: (item: T) => Dependent): T[] {
    const byUrn = new Map<string, T>();
    for (const item of items) {
        const state = stateOf(item);
        if (!byUrn.has(state.urn) || !state.delete) byUrn.set(state.urn, item);
    }
    const placed = new Set<T>();
    const result: T[] = [];
    // An explicit stack: chains may be longer than the call stack is deep.
    for (const start of items) {
        const stack: { item: T; rest: Iterator<string> }[] = [];
        const enter = (item: T): void => {
            if (placed.has(item)) return;
            placed.add(item);
            stack.push({ item, rest: needs(stateOf(item)) });
        };
        enter(start);
        for (let top = stack.at(-1); top; top = stack.at(-1)) {
            const next = top.rest.next();
            if (next.done) {
                result.push(top.item);
                stack.pop();
            } else {
                const needed = byUrn.get(next.value);
                if (needed) enter(needed);
            }
        }
    }
    return result;
}

/**
 * States in which every needed URN is one that is there: a resource that was renamed by an alias is still named by its old URN in those
 * that were not touched since. An unchanged state is returned as it is.
 */
export function withCurrentUrns<S extends Dependent>(states: S[]): S[] {
    const present = new Set(states.map((state) => state.urn));
    const renamed = new Map<string, string>();
    for (const state of states)
        for (const alias of state.aliases ?? []) if (!present.has(alias)) renamed.set(alias, state.urn);
    if (renamed.size === 0) return states;
    const current = (urn: string): string => renamed.get(urn) ?? urn;
    return states.map((state) => {
        if (![...needs(state)].some((urn) => renamed.has(urn))) return state;
        const result = { ...state };
        if (state.parent) result.parent = current(state.parent);
        if (state.deletedWith) result.deletedWith = current(state.deletedWith);
        if (state.dependencies) result.dependencies = state.dependencies.map(current);
        if (state.provider)
            result.provider = `${current(providerUrn(state.provider))}${state.provider.slice(providerUrn(state.provider).length)}`;
        if (state.propertyDependencies) {
            result.propertyDependencies = Object.fromEntries(
                Object.entries(state.propertyDependencies).map(([key, urns]) => [key, urns.map(current)]),
            );
        }
        return result;
    });
}
