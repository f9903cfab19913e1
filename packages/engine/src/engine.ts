/** The embedded engine: each of its operations, from options to result. */
import type {
    EmbeddedEngine,
    EngineOptions,
    LockHolder,
    PreviewDigest,
    PreviewOptions,
    UntypedDeployment,
    UpdateResult,
} from "./api";
import { deleteAll, refuseProtected, withoutNeededBy } from "./deletes";
import { shownConfig } from "./events";
import { Executor } from "./executor";
import { readProject, type Project } from "./project";
import { recover } from "./recovery";
import { refreshAll } from "./refresh";
import type { Run } from "./run";
import { parallelOf, stackOutputs, storeOptions, withLock, withRun } from "./session";
import { StackLock } from "./state/lock";
import { StateStore } from "./state/store";
import { launch, runProgram, type StartedProgram } from "./update";

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
                `The stack name "${options.stack}" is not valid: use letters, digits, ".", "_" and "-", with a letter or digit first.`,
            );
        }
        this.project = readProject(options.projectDir);
    }

    async preview({ destroy }: PreviewOptions = {}): Promise<PreviewDigest> {
        if (destroy) {
            return withRun(this.options, this.project, true, async (run) => {
                await deleteEverything(run, destroy.excludeProtected === true);
                return this.digest(run);
            });
        }
        return this.withProgram(true, async (started) =>
            withRun(this.options, this.project, true, async (run) => {
                await runProgram(run, started);
                return this.digest(run);
            }),
        );
    }

    async up(): Promise<UpdateResult> {
        return withLock(this.options, "up", () =>
            this.withProgram(false, (started) =>
                withRun(this.options, this.project, false, async (run) => {
                    await recover(run, new Executor(run));
                    await runProgram(run, started);
                    return result(run);
                }),
            ),
        );
    }

    async destroy({ excludeProtected = false }: { excludeProtected?: boolean } = {}): Promise<UpdateResult> {
        return this.withoutProgram("destroy", false, async (run) => {
            run.store.forgetWhenEmpty = true;
            await deleteEverything(run, excludeProtected);
        });
    }

    async refresh({ preview = false }: { preview?: boolean } = {}): Promise<UpdateResult> {
        return this.withoutProgram("refresh", preview, (run) => refreshAll(run, new Executor(run)));
    }

    /** Starts the program before anything else, and ends it whatever happens. */
    private async withProgram<T>(dryRun: boolean, work: (started: StartedProgram) => Promise<T>): Promise<T> {
        const started = launch({
            project: this.project,
            options: this.options,
            dryRun,
            parallel: parallelOf(this.options),
        });
        try {
            return await work(started);
        } finally {
            started.stop();
        }
    }

    private async withoutProgram(
        operation: string,
        dryRun: boolean,
        work: (run: Run) => Promise<void>,
    ): Promise<UpdateResult> {
        const whole = (): Promise<UpdateResult> =>
            withRun(this.options, this.project, dryRun, async (run) => {
                if (!dryRun) await recover(run, new Executor(run));
                await work(run);
                return result(run);
            });
        return dryRun ? whole() : withLock(this.options, operation, whole);
    }

    async outputs(): Promise<UpdateResult["outputs"]> {
        return stackOutputs(await StateStore.read(storeOptions(this.options)));
    }

    async exportState({ showSecrets = false }: { showSecrets?: boolean } = {}): Promise<UntypedDeployment> {
        return (await StateStore.read(storeOptions(this.options))).export(showSecrets);
    }

    async importState(deployment: UntypedDeployment): Promise<void> {
        await withLock(this.options, "import", async () => {
            const store = await StateStore.open(storeOptions(this.options));
            await store.import(deployment);
            await store.close();
        });
    }

    async unlock(): Promise<LockHolder | undefined> {
        StateStore.prepareDirectory(this.options.stateDir);
        return new StackLock(this.options.stateDir, this.options.stack).unlock();
    }

    private digest({ reporter }: Run): PreviewDigest {
        return {
            config: shownConfig(this.options.config),
            steps: reporter.steps,
            diagnostics: reporter.diagnostics,
            // Nanoseconds, as in the CLI's JSON.
            duration: Math.round(reporter.durationSeconds * 1e9),
            changeSummary: reporter.changes,
        };
    }
}

async function deleteEverything(run: Run, excludeProtected: boolean): Promise<void> {
    const rows = run.store.ordered();
    if (!excludeProtected) refuseProtected(run, rows);
    run.halt.rethrow();
    const stays = excludeProtected
        ? (row: (typeof rows)[number]): boolean => row.state.protect === true && !row.state.delete
        : () => false;
    await deleteAll(run, new Executor(run), withoutNeededBy(rows, stays));
}

function result(run: Run): UpdateResult {
    return {
        changes: run.reporter.changes,
        outputs: stackOutputs(run.store),
        durationSeconds: run.reporter.durationSeconds,
    };
}
