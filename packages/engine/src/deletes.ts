/** Deletes in reverse dependency order, in parallel. */
import type { Executor } from "./executor";
import type { Step } from "./events";
import type { Run } from "./run";
import { needs } from "./state/order";
import type { Row, State } from "./state/store";

function deleteStep(state: State): Step & { old: State } {
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
    let running = 0;
    await new Promise<void>((resolve) => {
        const start = (row: Row): void => {
            waiting.delete(row);
            running++;
            const { state } = row;
            const goesWithAnother = state.deletedWith !== undefined && deleted.has(state.deletedWith);
            executor.delete(deleteStep(state), row, goesWithAnother).then(
                () => release(row),
                // The failure is recorded with the run; what this resource needs stays, since it is still there.
                () => next(),
            );
        };
        const release = (row: Row): void => {
            for (const target of needed.get(row)!) {
                const left = dependents.get(target)! - 1;
                dependents.set(target, left);
                if (left === 0 && waiting.has(target)) start(target);
            }
            next();
        };
        const next = (): void => {
            if (--running > 0) return;
            // Resources of different ages may need each other in a circle; the youngest goes first.
            const stuck = run.halt.active ? undefined : [...waiting].at(-1);
            if (stuck) start(stuck);
            else resolve();
        };
        const free = rows.toReversed().filter((row) => !dependents.get(row));
        for (const row of free) start(row);
        if (free.length === 0) {
            running++;
            next();
        }
    });
}

/** The rows that nothing which stays depends on; providers without resources go too. @param rows in dependency order */
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
