/** Finds out what became of the operations that an interrupted run left behind. */
import type { Executor } from "./executor";
import { plain } from "./properties";
import { errorMessage, isManaged, limited, providerFor, type Run } from "./run";
import type { Operation, Row } from "./state/store";

/**
 * Afterwards nothing is pending: what was made is in the state, what was half made is gone, and what was being changed or deleted is in the
 * state as it is found.
 */
export async function recover(run: Run, executor: Executor): Promise<void> {
    const operations = [...run.store.pending.values()];
    if (operations.length === 0) return;
    run.reporter.diagnostic(
        "info",
        `The last run was interrupted: looking after ${operations.length} unfinished operation(s).`,
    );
    await Promise.all(
        operations.map(async (operation) => {
            try {
                await limited(run, () => recoverOne(run, executor, operation));
            } catch (error) {
                const message = `What became of this resource when the last run was interrupted could not be found out: ${errorMessage(run, error)}`;
                run.reporter.diagnostic("error", message, operation.state.urn);
                run.halt.fail(operation.state.urn, message);
            }
        }),
    );
    run.halt.rethrow();
}

async function recoverOne(run: Run, executor: Executor, operation: Operation): Promise<void> {
    const { store } = run;
    const { type, state } = operation;
    const row = [...store.rows.values()].find(
        (r) => r.state.urn === state.urn && r.state.id === state.id && state.id !== undefined,
    );
    if (type === "creating" && isManaged(state)) {
        const { provider, context } = providerFor(run, state, "create");
        const found = await provider.recover(context, plain(state.inputs ?? {}));
        if (!found) {
            store.commit({ end: operation });
            return;
        }
        const now = new Date().toISOString();
        store.commit({
            end: operation,
            ...adopt(run, operation, {
                ...state,
                id: found.id,
                outputs: executor.outputs(state, found.outputs),
                initErrors: found.initErrors,
                created: now,
                modified: now,
            }),
        });
        run.reporter.diagnostic("info", "Was made by the interrupted run and is kept.", state.urn);
    } else if ((type === "updating" || type === "deleting") && row && isManaged(row.state)) {
        store.commit({ end: operation, ...(await executor.readChange(row)) });
    } else {
        store.commit({ end: operation });
    }
}

/** A resource that was there under the same URN is the one that was being replaced. */
function adopt(
    run: Run,
    operation: Operation,
    state: Operation["state"],
): { put: { row?: Row; state: Operation["state"] }[]; drop: Row[] } {
    const replaced = [...run.store.rows.values()].filter(
        (row) => row.state.urn === operation.state.urn && !row.state.delete,
    );
    return {
        put: [
            { state },
            ...replaced
                .filter((row) => !row.state.pendingReplacement)
                .map((row) => ({ row, state: { ...row.state, delete: true } })),
        ],
        drop: replaced.filter((row) => row.state.pendingReplacement),
    };
}
