/** Policy packs. */
import type { Goal } from "./goal";
import type { PropertyMap } from "./provider";
import type { State } from "./state/store";

export interface ResourcePolicies {
    /** Judges a resource before its step. @returns its inputs after remediation, if they changed */
    analyze(state: State, goal: Goal): Promise<PropertyMap | undefined>;
}
