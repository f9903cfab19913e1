/** The embedded engine: a run from its options to its result. */
import { createRequire } from "node:module";

import type pLimit from "p-limit";

import {
    CancelledError,
    type EmbeddedEngine,
    type EngineOptions,
    type LockHolder,
    type PreviewDigest,
    type PreviewOptions,
    type UntypedDeployment,
    type UpdateResult,
} from "./api";
import { deleteAll, isInternal, refuseProtected, withoutNeededBy } from "./deletes";
import { Reporter, shownConfig } from "./events";
import { Executor } from "./executor";
import { Halt } from "./halt";
import { isSecret, plainValue } from "./properties";
import { readProject, type Project } from "./project";
import { recover } from "./recovery";
import { refreshAll } from "./refresh";
import { ProviderRegistry } from "./registry";
import type { Run } from "./run";
import { Scrubber } from "./scrub";
import { StackLock } from "./state/lock";
import { StateStore } from "./state/store";
import { launch, runProgram } from "./update";
import { STACK_TYPE } from "./urn";

const DEFAULT_PARALLEL = 16;
const STACK_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** @throws Error when the project or the stack's name is not valid */
export function createEmbeddedEngine(options: EngineOptions): EmbeddedEngine {
    return new Engine(options);
}

class Engine implements EmbeddedEngine {
    private readonly project: Project;

    constructor(private readonly options: EngineOptions) {
        if (!STACK_NAME.test(options.stack)) {
            throw new Error(
                `The stack name "${options.stack}" is not valid: letters, digits, ".", "_" and "-", with a letter or digit first.`,
            );
        }
        this.project = readProject(options.projectDir);
    }

    async preview({ destroy = false }: PreviewOptions = {}): Promise<PreviewDigest> {
        const started = destroy ? undefined : this.launch(true);
        return this.withRun(true, started?.stop, async (run) => {
            if (started) await runProgram(run, started, {});
            else await this.deleteEverything(run, false);
            const { reporter } = run;
            return {
                config: shownConfig(this.options.config),
                steps: reporter.steps,
                diagnostics: reporter.diagnostics,
                // Nanoseconds, as in the CLI's JSON.
                duration: Math.round(reporter.durationSeconds * 1e9),
                changeSummary: reporter.changes,
            };
        });
    }

    async up({ targets }: { targets?: string[] } = {}): Promise<UpdateResult> {
        const release = this.lock("up");
        try {
            const started = this.launch(false);
            return await this.withRun(false, started.stop, async (run) => {
                await recover(run, new Executor(run));
                await runProgram(run, started, { targets });
                return this.result(run);
            });
        } finally {
            release();
        }
    }

    async destroy({
        preview = false,
        excludeProtected = false,
    }: { preview?: boolean; excludeProtected?: boolean } = {}): Promise<UpdateResult> {
        return this.withoutProgram("destroy", preview, (run) => this.deleteEverything(run, excludeProtected));
    }

    async refresh({ preview = false }: { preview?: boolean } = {}): Promise<UpdateResult> {
        return this.withoutProgram("refresh", preview, (run) => refreshAll(run, new Executor(run)));
    }

    private async withoutProgram(
        operation: string,
        dryRun: boolean,
        work: (run: Run) => Promise<void>,
    ): Promise<UpdateResult> {
        const release = dryRun ? () => undefined : this.lock(operation);
        try {
            return await this.withRun(dryRun, undefined, async (run) => {
                if (!dryRun) await recover(run, new Executor(run));
                await work(run);
                run.halt.rethrow();
                return this.result(run);
            });
        } finally {
            release();
        }
    }

    private async deleteEverything(run: Run, excludeProtected: boolean): Promise<void> {
        const rows = run.store.ordered();
        if (!excludeProtected) refuseProtected(run, rows);
        run.halt.rethrow();
        const chosen = excludeProtected
            ? withoutNeededBy(rows, ({ state }) => state.protect === true && !state.delete)
            : rows;
        await deleteAll(run, new Executor(run), chosen);
        // A stack of which only its own bookkeeping is left is an empty one.
        run.halt.rethrow();
        const left = [...run.store.rows.values()];
        if (!run.dryRun && left.length > 0 && left.every(({ state }) => isInternal(state)))
            run.store.commit({ drop: left });
    }

    async outputs(): Promise<UpdateResult["outputs"]> {
        return stackOutputs(await this.read());
    }

    async exportState({ showSecrets = false }: { showSecrets?: boolean } = {}): Promise<UntypedDeployment> {
        return (await this.read()).export(showSecrets);
    }

    async importState(deployment: UntypedDeployment): Promise<void> {
        const release = this.lock("import");
        try {
            const store = await StateStore.open(this.storeOptions());
            await store.import(deployment);
            await store.close();
        } finally {
            release();
        }
    }

    async unlock(): Promise<LockHolder | undefined> {
        StateStore.prepareDirectory(this.options.stateDir);
        return new StackLock(this.options.stateDir, this.options.stack).unlock();
    }

    private read(): Promise<StateStore> {
        return StateStore.read(this.storeOptions());
    }

    private storeOptions(): Parameters<typeof StateStore.read>[0] {
        const { stateDir, stack, passphrase, encryptionSalt } = this.options;
        return { dir: stateDir, stack, passphrase, salt: encryptionSalt };
    }

    /** @returns what releases it */
    private lock(operation: string): () => void {
        StateStore.prepareDirectory(this.options.stateDir);
        const lock = new StackLock(this.options.stateDir, this.options.stack);
        lock.acquire(operation);
        return () => lock.release();
    }

    private get parallel(): number {
        return this.options.parallel ?? DEFAULT_PARALLEL;
    }

    private launch(dryRun: boolean): ReturnType<typeof launch> {
        return launch({ project: this.project, options: this.options, dryRun, parallel: this.parallel });
    }

    private async withRun<T>(
        dryRun: boolean,
        onFailure: (() => void) | undefined,
        work: (run: Run) => Promise<T>,
    ): Promise<T> {
        let store: StateStore | undefined;
        const detach: (() => void)[] = [];
        try {
            if (this.options.signal?.aborted || this.options.terminate?.aborted) throw new CancelledError();
            const loading = dryRun ? StateStore.read(this.storeOptions()) : StateStore.open(this.storeOptions());
            loading.catch(() => undefined);
            const providers = this.options.providers ?? (await import("./providers/index.js")).builtinProviders();
            store = await loading;
            const run = this.newRun(dryRun, store, providers, detach);
            run.reporter.prelude(this.options.config);
            try {
                if (dryRun && store.pending.size > 0) {
                    run.reporter.diagnostic(
                        "warning",
                        `The last run was interrupted in ${store.pending.size} operation(s); up or destroy will look after them.`,
                    );
                }
                const result = await work(run);
                run.reporter.summary();
                return result;
            } catch (error) {
                run.reporter.summary();
                throw error;
            } finally {
                if (!dryRun) await store.close();
            }
        } catch (error) {
            onFailure?.();
            throw error;
        } finally {
            for (const undo of detach) undo();
        }
    }

    private newRun(
        dryRun: boolean,
        store: StateStore,
        providers: EngineOptions["providers"],
        detach: (() => void)[],
    ): Run {
        const { options } = this;
        const scrubber = new Scrubber();
        for (const { value, secret } of Object.values(options.config)) if (secret) scrubber.learnText(value);
        scrubber.learnText(options.passphrase);
        for (const { state } of store.rows.values()) {
            scrubber.learn(state.inputs);
            scrubber.learn(state.outputs);
        }
        const halt = new Halt();
        const listen = (signal: AbortSignal | undefined): void => {
            const cancel = (): void => halt.cancel();
            if (signal?.aborted) cancel();
            signal?.addEventListener("abort", cancel, { once: true });
            detach.push(() => signal?.removeEventListener("abort", cancel));
        };
        listen(options.signal);
        listen(options.terminate);
        // p-limit is CommonJS that exports a function, which a static import cannot take in every loader.
        const limit = createRequire(__filename)("p-limit") as typeof pLimit;
        return {
            options,
            project: this.project,
            dryRun,
            store,
            reporter: new Reporter({ onEvent: options.onEvent, scrubber, planning: dryRun }),
            scrubber,
            halt,
            limit: limit(this.parallel),
            providers: new ProviderRegistry(providers ?? []),
            terminate: options.terminate ?? new AbortController().signal,
        };
    }

    private result(run: Run): UpdateResult {
        return {
            changes: run.reporter.changes,
            outputs: stackOutputs(run.store),
            durationSeconds: run.reporter.durationSeconds,
        };
    }
}

function stackOutputs(store: StateStore): UpdateResult["outputs"] {
    const stack = [...store.rows.values()].find(({ state }) => state.type === STACK_TYPE && !state.delete);
    return Object.fromEntries(
        Object.entries(stack?.state.outputs ?? {}).map(([key, value]) => [
            key,
            { value: plainValue(value), secret: isSecret(value) },
        ]),
    );
}
