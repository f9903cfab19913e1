/** Which resources have to go before another one can be deleted to be replaced. */
import { providerDifference } from "./diff";
import { UNKNOWN } from "./provider";
import { isManaged, type Run } from "./run";
import { needs } from "./state/order";
import type { Row } from "./state/store";
import { providerUrn } from "./urn";

interface DependentReplacement {
    row: Row;
    keys: string[];
}

/**
 * Dependents that a new `root` would force to be replaced, in dependency order: those whose inputs take something from it (or from another
 * such dependent) where a change means replacement. Others can be updated after it has been replaced.
 * @param candidate a row that this run has not come to yet
 */
export async function dependentReplacements(
    run: Run,
    root: Row,
    candidate: (row: Row) => boolean,
): Promise<DependentReplacement[]> {
    const replaced = new Set([root.state.urn]);
    const result: DependentReplacement[] = [];
    for (const row of run.store.ordered()) {
        const { state } = row;
        if (row === root || !isManaged(state) || state.delete || state.pendingReplacement || !candidate(row)) continue;
        if (![...needs(state)].some((urn) => replaced.has(urn))) continue;
        const keys = await replacementKeys(run, row, replaced);
        if (!keys) continue;
        replaced.add(state.urn);
        result.push({ row, keys });
    }
    return result;
}

/** Undefined: it need not be replaced. */
async function replacementKeys(run: Run, { state }: Row, replaced: ReadonlySet<string>): Promise<string[] | undefined> {
    if (state.provider && replaced.has(providerUrn(state.provider))) return ["provider"];
    if (state.deletedWith && replaced.has(state.deletedWith)) return ["deletedWith"];
    const inputs = { ...state.inputs };
    let depends = false;
    for (const [key, urns] of Object.entries(state.propertyDependencies ?? {})) {
        if (!(key in inputs) || !urns.some((urn) => replaced.has(urn))) continue;
        inputs[key] = UNKNOWN;
        depends = true;
    }
    if (!depends) return undefined;
    const found = await providerDifference(run, state, { ...state, inputs }, state);
    return found.replace ? found.keys : undefined;
}
