/** Brings the state up to what is there, without running the program. */
import type { Step } from "./events";
import type { Executor } from "./executor";
import { equal } from "./properties";
import { isManaged, type Run } from "./run";
import type { Row } from "./state/store";

export async function refreshAll(run: Run, executor: Executor): Promise<void> {
    const rows = run.store
        .ordered()
        .filter(({ state }) => isManaged(state) && !state.delete && !state.pendingReplacement);
    await Promise.allSettled(rows.map((row) => refreshOne(run, executor, row)));
}

async function refreshOne(run: Run, executor: Executor, row: Row): Promise<void> {
    const old = row.state;
    const step: Step = { op: "refresh", urn: old.urn, type: old.type, provider: old.provider, old, new: old };
    await executor.perform(step, async () => {
        const change = await executor.readChange(row);
        const found = change.put[0]?.state;
        // What the step turns out to be is told after it.
        step.op = !found ? "delete" : equal(found, old) ? "same" : "update";
        run.reporter.count(step.op);
        if (!run.dryRun && step.op !== "same") run.store.commit(change);
        return { id: row.id, state: found ?? old };
    });
}
