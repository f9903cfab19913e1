/** Opens and closes what a run needs: state, providers, events, and what stops it. */
import { setMaxListeners } from "node:events";

import pLimit from "p-limit";

import { CancelledError, type EngineOptions, type UpdateResult } from "./api";
import { Reporter } from "./events";
import { StepError } from "./executor";
import { Halt, HaltedError } from "./halt";
import type { Project } from "./project";
import { isSecret, plainValue } from "./properties";
import type { Provider } from "./provider";
import { ProviderRegistry } from "./registry";
import { withoutSecrets, type Run } from "./run";
import { Scrubber } from "./scrub";
import { StackLock } from "./state/lock";
import { StateStore, type StoreOptions } from "./state/store";
import { STACK_TYPE } from "./urn";

const DEFAULT_PARALLEL = 16;

export function parallelOf(options: EngineOptions): number {
    return options.parallel ?? DEFAULT_PARALLEL;
}

export function storeOptions({ stateDir, stack, passphrase, encryptionSalt }: EngineOptions): StoreOptions {
    return { dir: stateDir, stack, passphrase, salt: encryptionSalt };
}

/** Holds the stack while it works. @throws LockedError if another run holds it */
export async function withLock<T>(options: EngineOptions, operation: string, work: () => Promise<T>): Promise<T> {
    StateStore.prepareDirectory(options.stateDir);
    const lock = new StackLock(options.stateDir, options.stack);
    lock.acquire(operation);
    try {
        return await work();
    } finally {
        lock.release();
    }
}

/**
 * Works on a stack with its state open. The state is saved whatever happens.
 * @throws what the work throws, or what the run was ended with, without secrets
 */
export async function withRun<T>(
    options: EngineOptions,
    project: Project,
    dryRun: boolean,
    work: (run: Run) => Promise<T>,
): Promise<T> {
    if (options.signal?.aborted || options.terminate?.aborted) throw new CancelledError();
    const loading = dryRun ? StateStore.read(storeOptions(options)) : StateStore.open(storeOptions(options));
    const [store, providers] = await Promise.all([loading, options.providers ?? loadProviders()]);
    const { run, close } = newRun(options, project, dryRun, store, providers);
    try {
        run.reporter.prelude(options.config);
        if (dryRun && store.pending.size > 0) {
            run.reporter.diagnostic(
                "warning",
                `The last run was interrupted in ${store.pending.size} operation(s); up or destroy will look after them.`,
            );
        }
        return await toItsEnd(run, work);
    } catch (error) {
        throw withoutSecrets(run, error);
    } finally {
        close();
        if (!dryRun) await store.close();
        run.reporter.summary(run.policyPacks);
    }
}

/** @throws what ended the run, which says more than that a step was not started */
async function toItsEnd<T>(run: Run, work: (run: Run) => Promise<T>): Promise<T> {
    try {
        const result = await work(run);
        run.halt.rethrow();
        return result;
    } catch (error) {
        if (error instanceof HaltedError || error instanceof StepError) run.halt.rethrow();
        throw error;
    }
}

async function loadProviders(): Promise<Provider[]> {
    return (await import("./providers/index.js")).builtinProviders();
}

function newRun(
    options: EngineOptions,
    project: Project,
    dryRun: boolean,
    store: StateStore,
    providers: Provider[],
): { run: Run; close: () => void } {
    const scrubber = new Scrubber();
    for (const { value, secret } of Object.values(options.config)) if (secret) scrubber.learnConfig(value);
    scrubber.learnText(options.passphrase);
    for (const { state } of store.rows.values()) {
        scrubber.learn(state.inputs);
        scrubber.learn(state.outputs);
    }
    const halt = new Halt();
    const cancel = (): void => halt.cancel();
    const signals = [options.signal, options.terminate].filter((signal) => signal !== undefined);
    const terminate = options.terminate ?? new AbortController().signal;
    // Every running step listens, and there may be as many as `parallel` allows.
    setMaxListeners(0, terminate);
    for (const signal of signals) {
        if (signal.aborted) cancel();
        signal.addEventListener("abort", cancel, { once: true });
    }
    const run: Run = {
        options,
        project,
        dryRun,
        store,
        reporter: new Reporter({ onEvent: options.onEvent, scrubber, planning: dryRun }),
        scrubber,
        halt,
        limit: pLimit(parallelOf(options)),
        providers: new ProviderRegistry(providers),
        policyPacks: {},
        terminate,
    };
    return {
        run,
        close: () => {
            for (const signal of signals) signal.removeEventListener("abort", cancel);
        },
    };
}

export function stackOutputs(store: StateStore): UpdateResult["outputs"] {
    const stack = [...store.rows.values()].find(({ state }) => state.type === STACK_TYPE && !state.delete);
    return Object.fromEntries(
        Object.entries(stack?.state.outputs ?? {}).map(([key, value]) => [
            key,
            { value: plainValue(value), secret: isSecret(value) },
        ]),
    );
}
