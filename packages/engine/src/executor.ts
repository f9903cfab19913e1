/** Carries out steps: provider, state and events go together here. */
import { randomUUID } from "node:crypto";

import { CancelledError } from "./api";
import type { Step } from "./events";
import { HaltedError } from "./halt";
import { plannedOutputs } from "./planned";
import { hasUnknown, plain, withSecretKeys, withSecretsOf } from "./properties";
import { NothingMadeError, NotReadyError, UNKNOWN, type PropertyMap } from "./provider";
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

type NewStep = Step & { new: State };

export class Executor {
    constructor(private readonly run: Run) {}

    /**
     * Makes a resource. @param change what else becomes true in the state together with it
     * @returns its row; in a preview one that is in no state
     */
    async create(step: NewStep, change: Pick<Change, "put" | "drop"> = {}): Promise<Row> {
        const { run } = this;
        const finish = (state: State, end?: Operation): Row => {
            run.scrubber.learn(state.outputs);
            if (run.dryRun) return { id: -1, state };
            return run.store.commit({ end, put: [{ state }, ...(change.put ?? [])], drop: change.drop })[0]!;
        };
        return this.perform(step, async () => {
            const created = now();
            if (!step.new.custom) return finish({ ...step.new, outputs: {} });
            if (isProviderType(step.new.type)) {
                const id = run.dryRun ? UNKNOWN : randomUUID();
                return finish({ ...step.new, id, outputs: providerOutputs(step.new), created, modified: created });
            }
            if (run.dryRun) return finish({ ...step.new, outputs: step.new.inputs });
            refuseUnknown(step.new);
            const operation = await run.store.begin("creating", step.new);
            const { provider, context } = providerFor(run, step.new, "create");
            const work = unlessTerminated(run, provider.create(context, plain(step.new.inputs ?? {})));
            const { id, outputs } = await this.orAfterwards(work, async (error) => {
                if (!(error instanceof NotReadyError)) return this.undoCreate(operation, error);
                finish({ ...this.unready(step.new, error), created, modified: now() }, operation);
            });
            const state = { ...step.new, id, outputs: this.outputs(step.new, outputs), created, modified: now() };
            return finish(state, operation);
        });
    }

    /** The state of what was made or changed as asked and is not ready: the next run updates it, and so waits for it again. */
    private unready(state: State, { id, outputs, message }: NotReadyError): State {
        const initErrors = [this.run.scrubber.scrub(message)];
        return { ...state, id, outputs: this.outputs(state, outputs), initErrors };
    }

    /** A create that failed may have left something behind; then it is removed, so that nothing is orphaned. */
    private async undoCreate(operation: Operation, cause: unknown): Promise<void> {
        const { run } = this;
        const { state } = operation;
        if (cause instanceof NothingMadeError) {
            run.store.commit({ end: operation });
            return;
        }
        try {
            const { provider, context } = providerFor(run, state, "delete");
            const inputs = plain(state.inputs ?? {});
            const left = await provider.recover(context, inputs);
            if (left) await provider.delete(context, left.id, { inputs, outputs: left.outputs });
            run.store.commit({ end: operation });
        } catch (error) {
            // The operation stays pending in the state.
            const why = errorMessage(run, error);
            run.reporter.diagnostic(
                "warning",
                `What the failed creation left could not be removed; the next run will try again: ${why}`,
                state.urn,
            );
        }
    }

    /** Changes a resource in place. */
    async update(step: NewStep, row: Row): Promise<Row> {
        const { run } = this;
        const old = row.state;
        const finish = (state: State, end?: Operation): Row => {
            run.scrubber.learn(state.outputs);
            return run.dryRun ? { id: row.id, state } : run.store.commit({ end, put: [{ row, state }] })[0]!;
        };
        return this.perform(step, async () => {
            const wanted = { ...step.new, id: old.id };
            if (!isManaged(wanted)) {
                const isProvider = isProviderType(wanted.type);
                return finish({
                    ...wanted,
                    outputs: isProvider ? providerOutputs(wanted) : old.outputs,
                    ...(isProvider ? { modified: now() } : {}),
                });
            }
            const { provider, context } = providerFor(run, wanted, "update");
            if (run.dryRun) {
                // Inputs are what they will be; the rest mostly stays, and what an update may change is unknown.
                const unknown = provider.volatileOutputs?.[wanted.type] ?? [];
                const expected = provider.nestedOutputs
                    ? plannedOutputs(old.outputs ?? {}, old.inputs ?? {}, wanted.inputs ?? {})
                    : { ...old.outputs, ...wanted.inputs };
                return finish({ ...wanted, outputs: this.outputs(wanted, without(expected, unknown)) });
            }
            refuseUnknown(wanted);
            const operation = await run.store.begin("updating", wanted, old);
            const work = unlessTerminated(
                run,
                provider.update(context, old.id ?? "", plainState(old), plain(wanted.inputs ?? {})),
            );
            const { outputs } = await this.orAfterwards(work, async (error) => {
                if (!(error instanceof NotReadyError)) return this.readAfterFailure(operation, row);
                finish({ ...this.unready(wanted, error), modified: now() }, operation);
            });
            return finish({ ...wanted, outputs: this.outputs(wanted, outputs), modified: now() }, operation);
        });
    }

    /** Removes a resource. @param kept it is only forgotten @param after what its row becomes; absent: it goes */
    async delete(step: Step & { old: State }, row: Row, kept: boolean, after?: State): Promise<void> {
        const { run } = this;
        const state = row.state;
        const change: Change = after ? { put: [{ row, state: after }] } : { drop: [row] };
        await this.perform(step, async () => {
            if (run.dryRun) return row;
            if (kept || !isManaged(state) || state.retainOnDelete || state.pendingReplacement) {
                run.store.commit(change);
                return row;
            }
            const operation = await run.store.begin("deleting", state, state);
            const { provider, context } = providerFor(run, state, "delete");
            const work = unlessTerminated(run, provider.delete(context, state.id ?? "", plainState(state)));
            await this.orAfterwards(work, () => this.readAfterFailure(operation, row));
            run.store.commit({ end: operation, ...change });
            return row;
        });
    }

    /** Cleans up after an action that failed, but not in a run that is to stop at once: then the next run does it. */
    private async orAfterwards<T>(action: Promise<T>, cleanUp: (error: unknown) => Promise<void>): Promise<T> {
        try {
            return await action;
        } catch (error) {
            if (!(error instanceof CancelledError) && !this.run.terminate.aborted) await cleanUp(error);
            throw error;
        }
    }

    /** After a failed update or delete the state is what the provider now finds. */
    private async readAfterFailure(operation: Operation, row: Row): Promise<void> {
        try {
            this.run.store.commit({ end: operation, ...(await this.readChange(row)) });
        } catch (error) {
            // The operation stays pending in the state.
            const why = errorMessage(this.run, error);
            this.run.reporter.diagnostic(
                "warning",
                `It could not be read after the failure; the next run will try again: ${why}`,
                row.state.urn,
            );
        }
    }

    /** Reads a resource as it is. @returns the change that brings the state up to that */
    async readChange(row: Row): Promise<{ put: { row: Row; state: State }[]; drop: Row[] }> {
        const state = row.state;
        const { provider, context } = providerFor(this.run, state, "read");
        const found = await provider.read(context, state.id ?? "", plainState(state));
        if (!found) return { put: [], drop: [row] };
        const inputs = withSecretKeys(
            withSecretsOf(found.inputs, state.inputs ?? {}),
            provider.secretOutputs?.[state.type] ?? [],
        );
        const outputs = this.outputs({ ...state, inputs }, found.outputs, state.outputs);
        const initErrors = found.initErrors?.map((text) => this.run.scrubber.scrub(text));
        return { put: [{ row, state: { ...state, inputs, outputs, initErrors } }], drop: [] };
    }

    /** Shows a step that does nothing by itself. */
    note(step: Step): void {
        this.run.reporter.pre(step);
        this.run.reporter.done(step);
    }

    /** Marks as secret what a provider returned: what was secret in the inputs, what the program or the provider says is secret. */
    outputs(state: State, outputs: PropertyMap, before?: PropertyMap): PropertyMap {
        const ofType = this.run.providers.forType(state.type).secretOutputs?.[state.type] ?? [];
        // Kubernetes' provider keeps the inputs in the outputs too, as `__inputs`: they are as secret there.
        const marked = withSecretsOf(outputs, { ...before, ...state.inputs, __inputs: state.inputs ?? {} });
        return withSecretKeys(before ? withSecretsOf(marked, before) : marked, [
            ...(state.additionalSecretOutputs ?? []),
            ...ofType,
        ]);
    }

    /**
     * Runs an action as a step: one of at most `parallel` where a provider works, with events before and after, and what follows a failure.
     */
    async perform(step: Step, action: () => Promise<Row>): Promise<Row> {
        const { run } = this;
        const whole = async (): Promise<Row> => {
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
        };
        return run.dryRun || !isManaged((step.new ?? step.old)!) ? whole() : limited(run, whole);
    }
}

function refuseUnknown(state: State): void {
    const key = Object.keys(state.inputs ?? {}).find((name) => hasUnknown(state.inputs![name]));
    if (key) throw new Error(`Its property "${key}" depends on a resource that was not made in this run.`);
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
