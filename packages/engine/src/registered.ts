/** What a program asked for, for those who judge it. */
import type { RegisteredResource } from "./api";
import type { Goal } from "./goal";
import { plain } from "./properties";
import type { State } from "./state/store";

export function asRegistered(goal: Goal, state: State): RegisteredResource {
    const { urn, type, custom, inputs, outputs, parent, protect, retainOnDelete } = state;
    const { name, ignoreChanges, madeAt, propertyDependencies } = goal;
    return {
        urn,
        type,
        name,
        inputs: plain(inputs ?? {}),
        ...(!custom && { outputs: plain(outputs ?? {}) }),
        parent,
        protect,
        retainOnDelete,
        ignoreChanges,
        propertyDependencies,
        madeAt,
    };
}
