/** Carries out steps: provider, state and events go together here. */
import { randomUUID } from "node:crypto";

import { CancelledError } from "./api";
import type { Step } from "./events";
import { HaltedError } from "./halt";
import { hasUnknown, plain, withSecretKeys, withSecretsOf } from "./properties";
import { UNKNOWN, type PropertyMap } from "./provider";
import { errorMessage, isManaged, limited, plainState, providerFor, unlessTerminated, type Run } from "./run";
import type { Change, Operation, Row, State } from "./state/store";
import { isProviderType } from "./urn";

/** A step failed, and everybody who has to know was told. */
export class StepError extends Error {
    constructor(message: string) {
        super(message);
        this.name = "StepError";
    }
}

export class Executor {
    constructor(private readonly run: Run) {}

    /**
     * Makes a resource. @param change what else becomes true in the state together with it
     * @returns its row; in a preview one that is in no state
     */
    async create(step: Step & { new: State }, change: Pick<Change, "put" | "drop"> = {}): Promise<Row> {
        const { run } = this;
        return this.perform(step, async () => {
            const created = now();
            const finish = (state: State, end?: Operation): Row => {
                run.scrubber.learn(state.outputs);
                if (run.dryRun) return { id: -1, state };
                return run.store.commit({ end, put: [{ state }, ...(change.put ?? [])], drop: change.drop })[0]!;
            };
            if (!step.new.custom) return finish({ ...step.new, outputs: step.new.outputs ?? {} });
            if (isProviderType(step.new.type))
                return finish({
                    ...step.new,
                    id: run.dryRun ? UNKNOWN : randomUUID(),
                    outputs: providerOutputs(step.new),
                    created,
                    modified: created,
                });
            if (run.dryRun) return finish({ ...step.new, outputs: step.new.inputs });
            this.refuseUnknown(step.new);
            return limited(run, async () => {
                const operation = await run.store.begin("creating", step.new);
                const { provider, context } = providerFor(run, step.new, "create");
                let result: { id: string; outputs: PropertyMap };
                try {
                    result = await unlessTerminated(run, provider.create(context, plain(step.new.inputs ?? {})));
                } catch (error) {
                    await this.undoCreate(operation, error);
                    throw error;
                }
                const { id } = result;
                return finish(
                    { ...step.new, id, outputs: this.outputs(step.new, result.outputs), created, modified: now() },
                    operation,
                );
            });
        });
    }

    /** A create that failed may have left something behind; then it is removed, so that nothing is orphaned. */
    private async undoCreate(operation: Operation, cause: unknown): Promise<void> {
        if (cause instanceof CancelledError) return;
        const { run } = this;
        const { state } = operation;
        try {
            const { provider, context } = providerFor(run, state, "delete");
            const inputs = plain(state.inputs ?? {});
            const left = await provider.recover(context, inputs);
            if (left) await provider.delete(context, left.id, { inputs, outputs: left.outputs });
            run.store.commit({ end: operation });
        } catch (error) {
            // The operation stays pending in the state: the next run tries again.
            run.reporter.diagnostic(
                "warning",
                `What is left of the failed creation could not be removed; the next run will try again: ${errorMessage(run, error)}`,
                state.urn,
            );
        }
    }

    /** Changes a resource in place. */
    async update(step: Step & { new: State }, row: Row): Promise<Row> {
        const { run } = this;
        const old = row.state;
        return this.perform(step, async () => {
            const finish = (state: State, end?: Operation): Row => {
                run.scrubber.learn(state.outputs);
                if (run.dryRun) return { id: row.id, state };
                return run.store.commit({ end, put: [{ row, state }] })[0]!;
            };
            const modified = old.custom ? now() : undefined;
            if (!isManaged(step.new)) {
                const outputs = isProviderType(step.new.type) ? providerOutputs(step.new) : old.outputs;
                return finish({ ...step.new, id: old.id, outputs, modified });
            }
            const { provider, context } = providerFor(run, step.new, "update");
            if (run.dryRun) {
                // Inputs are what they will be; the rest mostly stays, and what an update may change is unknown.
                const unknown = provider.volatileOutputs?.[step.new.type] ?? [];
                const outputs = { ...old.outputs, ...step.new.inputs };
                return finish({ ...step.new, id: old.id, outputs: this.outputs(step.new, without(outputs, unknown)) });
            }
            this.refuseUnknown(step.new);
            return limited(run, async () => {
                const operation = await run.store.begin("updating", { ...step.new, id: old.id }, old);
                let result: { outputs: PropertyMap };
                try {
                    result = await unlessTerminated(
                        run,
                        provider.update(context, old.id ?? "", plainState(old), plain(step.new.inputs ?? {})),
                    );
                } catch (error) {
                    await this.readAfterFailure(operation, row, error);
                    throw error;
                }
                return finish(
                    { ...step.new, id: old.id, outputs: this.outputs(step.new, result.outputs), modified },
                    operation,
                );
            });
        });
    }

    /** Removes a resource. @param kept the resource is only forgotten @param after what its row becomes; absent: it goes */
    async delete(step: Step & { old: State }, row: Row, kept: boolean, after?: State): Promise<void> {
        const { run } = this;
        const state = row.state;
        await this.perform(step, async () => {
            if (run.dryRun) return row;
            const change: Change = after ? { put: [{ row, state: after }] } : { drop: [row] };
            if (kept || !isManaged(state) || state.retainOnDelete || state.pendingReplacement) {
                run.store.commit(change);
                return row;
            }
            return limited(run, async () => {
                const operation = await run.store.begin("deleting", state, state);
                const { provider, context } = providerFor(run, state, "delete");
                try {
                    await unlessTerminated(run, provider.delete(context, state.id ?? "", plainState(state)));
                } catch (error) {
                    await this.readAfterFailure(operation, row, error);
                    throw error;
                }
                run.store.commit({ end: operation, ...change });
                return row;
            });
        });
    }

    /** After a failed update or delete the state is what the provider now finds. */
    private async readAfterFailure(operation: Operation, row: Row, cause: unknown): Promise<void> {
        if (cause instanceof CancelledError) return;
        try {
            this.run.store.commit({ end: operation, ...(await this.readChange(row)) });
        } catch (error) {
            // The operation stays pending in the state: the next run reads it.
            this.run.reporter.diagnostic(
                "warning",
                `Its state could not be read after the failure; the next run will try again: ${errorMessage(this.run, error)}`,
                row.state.urn,
            );
        }
    }

    /** Reads a resource as it is. @returns the change that brings the state up to that */
    async readChange(row: Row): Promise<Pick<Change, "put" | "drop">> {
        const state = row.state;
        const { provider, context } = providerFor(this.run, state, "read");
        const found = await provider.read(context, state.id ?? "", plainState(state));
        if (!found) return { drop: [row] };
        const inputs = withSecretsOf(found.inputs, state.inputs ?? {});
        return {
            put: [
                {
                    row,
                    state: {
                        ...state,
                        inputs,
                        outputs: this.outputs({ ...state, inputs }, found.outputs, state.outputs),
                    },
                },
            ],
        };
    }

    /** Shows a step that does nothing by itself. */
    note(step: Step): void {
        this.run.reporter.pre(step);
        this.run.reporter.done(step);
    }

    /** Marks as secret what a provider returned: what was secret in the inputs, what the program or the provider says is secret. */
    outputs(state: State, outputs: PropertyMap, before?: PropertyMap): PropertyMap {
        const keys = [
            ...(state.additionalSecretOutputs ?? []),
            ...(this.run.providers.forType(state.type).secretOutputs?.[state.type] ?? []),
        ];
        let result = withSecretsOf(outputs, state.inputs ?? {});
        if (before) result = withSecretsOf(result, before);
        return withSecretKeys(result, keys);
    }

    /** Runs an action as a step: its events before and after, and what follows from its failure. */
    async perform(step: Step, action: () => Promise<Row>): Promise<Row> {
        const { run } = this;
        run.halt.check();
        run.reporter.pre(step);
        try {
            const row = await action();
            run.reporter.done({ ...step, new: step.new && row.state });
            return row;
        } catch (error) {
            if (error instanceof HaltedError || error instanceof CancelledError) throw error;
            const message = errorMessage(run, error);
            run.reporter.failed(step, message);
            run.halt.fail(step.urn, message);
            throw new StepError(message);
        }
    }

    private refuseUnknown(state: State): void {
        const key = Object.keys(state.inputs ?? {}).find((name) => hasUnknown(state.inputs![name]));
        if (key) throw new Error(`Its property "${key}" depends on a resource that was not made in this run.`);
    }
}

function providerOutputs(state: State): PropertyMap {
    const { __internal: _, ...outputs } = state.inputs ?? {};
    return outputs;
}

function without(map: PropertyMap, keys: readonly string[]): PropertyMap {
    return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

function now(): string {
    return new Date().toISOString();
}
