/** Brings the state up to what is there, without running the program. */
import type { Executor } from "./executor";
import { equal } from "./properties";
import { isManaged, limited, type Run } from "./run";
import type { Row } from "./state/store";

export async function refreshAll(run: Run, executor: Executor): Promise<void> {
    const rows = run.store
        .ordered()
        .filter(({ state }) => isManaged(state) && !state.delete && !state.pendingReplacement);
    await Promise.allSettled(rows.map((row) => refreshOne(run, executor, row)));
}

async function refreshOne(run: Run, executor: Executor, row: Row): Promise<void> {
    const state = row.state;
    const step = {
        op: "refresh" as const,
        urn: state.urn,
        type: state.type,
        provider: state.provider,
        old: state,
        new: state,
    };
    await executor.perform(step, async () => {
        const change = await limited(run, () => executor.readChange(row));
        const found = change.put?.[0]?.state;
        if (!found) run.reporter.count("delete");
        else if (!equal(found, state)) run.reporter.count("update");
        if (run.dryRun) return { id: row.id, state: found ?? { ...state, delete: true } };
        if (!found || !equal(found, state)) run.store.commit(change);
        return { id: row.id, state: found ?? { ...state, delete: true } };
    });
}
