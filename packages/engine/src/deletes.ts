/** Deletes in reverse dependency order, in parallel. */
import type { Executor } from "./executor";
import type { Step } from "./events";
import type { Run } from "./run";
import { needs } from "./state/order";
import type { Row, State } from "./state/store";
import { isDefaultProvider, isProviderType } from "./urn";

export function deleteStep(state: State): Step & { old: State } {
    const op = state.delete ? "delete-replaced" : state.external ? "discard" : "delete";
    return { op, urn: state.urn, type: state.type, provider: state.provider, old: state };
}

/** Names every protected resource. */
export function refuseProtected(run: Run, rows: Row[]): void {
    for (const { state } of rows) {
        if (!state.protect || state.delete) continue;
        const message =
            "This resource is protected and is not deleted. Set protect to false in the program and run up first, or leave it out (--exclude-protected).";
        run.reporter.diagnostic("error", message, state.urn);
        run.halt.fail(state.urn, message);
    }
}

/** @param rows in dependency order */
export async function deleteAll(run: Run, executor: Executor, rows: Row[]): Promise<void> {
    const deleted = new Set(rows.map((row) => row.state.urn));
    const byUrn = new Map<string, Row[]>();
    for (const row of rows) byUrn.set(row.state.urn, [...(byUrn.get(row.state.urn) ?? []), row]);
    const needed = new Map<Row, Row[]>();
    const dependents = new Map<Row, number>();
    for (const row of rows) {
        const targets = [...new Set([...needs(row.state)].flatMap((urn) => byUrn.get(urn) ?? []))].filter(
            (target) => target !== row,
        );
        needed.set(row, targets);
        for (const target of targets) dependents.set(target, (dependents.get(target) ?? 0) + 1);
    }
    const waiting = new Set(rows);
    const running = new Set<Promise<void>>();
    const start = (row: Row): void => {
        waiting.delete(row);
        const state = row.state;
        const work = executor
            .delete(deleteStep(state), row, state.deletedWith !== undefined && deleted.has(state.deletedWith))
            .then(
                () => {
                    for (const target of needed.get(row)!) {
                        dependents.set(target, dependents.get(target)! - 1);
                        if (dependents.get(target) === 0 && waiting.has(target)) start(target);
                    }
                },
                // The failure is recorded with the run; what this resource needs stays, since it is still there.
                () => undefined,
            )
            .finally(() => running.delete(work));
        running.add(work);
    };
    for (const row of rows.toReversed()) if (!dependents.get(row) && waiting.has(row)) start(row);
    while (running.size > 0 || waiting.size > 0) {
        if (running.size === 0) {
            if (run.halt.active) return;
            // Resources of different ages may need each other in a circle; the youngest goes first.
            start([...waiting].at(-1)!);
        }
        await Promise.race(running);
    }
}

/** Of rows in dependency order: those that nothing which stays depends on. Providers without resources go too. */
export function withoutNeededBy(rows: Row[], stays: (row: Row) => boolean): Row[] {
    const needed = new Set<string>();
    const result: Row[] = [];
    for (const row of rows.toReversed()) {
        if (stays(row) || (needed.has(row.state.urn) && !row.state.delete))
            for (const urn of needs(row.state)) needed.add(urn);
        else result.push(row);
    }
    return result.reverse();
}

/** The engine's own resources do not count as something that is left. */
export function isInternal(state: State): boolean {
    return isProviderType(state.type) && isDefaultProvider(state.urn);
}
