/** A stack in this process, for tests of the engine and for the runs that they kill. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
    StepsFailedError,
    type EngineEvent,
    type EngineOptions,
    type ResourceState,
    type UntypedDeployment,
} from "../../../packages/engine/src";
import { deleteAll, refuseProtected, withoutNeededBy } from "../../../packages/engine/src/deletes";
import { Deployment, type Registered } from "../../../packages/engine/src/deployment";
import { Executor, StepError } from "../../../packages/engine/src/executor";
import type { Goal } from "../../../packages/engine/src/goal";
import { HaltedError } from "../../../packages/engine/src/halt";
import type { PropertyMap } from "../../../packages/engine/src/provider";
import { recover } from "../../../packages/engine/src/recovery";
import { refreshAll } from "../../../packages/engine/src/refresh";
import type { Run } from "../../../packages/engine/src/run";
import { withLock, withRun } from "../../../packages/engine/src/session";
import { STACK_TYPE } from "../../../packages/engine/src/urn";
import { simulated, THING, type Simulated } from "../../fixtures/engine/simulated";

/** Made once: deriving a key takes half a second, and a known salt is derived once in a process. */
export const SALT = "v1:AAAAAAAAAAA=:v1:AAAAAAAAAAAAAAAA:D7IHuP+AFy64OusnBvZtZsZjVI7APQ==";
export const PASSPHRASE = "correct horse";

/** Removed when the test file is done. */
export const temporaryDirs: string[] = [];

export function temporaryDir(): string {
    const dir = mkdtempSync(join(tmpdir(), "gw-engine-test-"));
    temporaryDirs.push(dir);
    return dir;
}

type Options = Partial<Omit<Goal, "type" | "name" | "inputs">>;

/** What a program can do, without the process around it. */
export interface Program {
    thing(name: string, inputs?: PropertyMap, options?: Options): Promise<Registered>;
    component(name: string, options?: Options & { type?: string }): Promise<Registered>;
    deployment: Deployment;
    run: Run;
}

export type Script = (program: Program) => Promise<unknown>;

interface Outcome {
    changes: Record<string, number | undefined>;
    events: EngineEvent[];
    /** `op name` of each step that was begun, in order. */
    ops: string[];
    run: Run;
}

/** A stack whose programs run in this process. */
export class TestStack {
    readonly dir: string;
    readonly provider: Simulated;
    readonly options: EngineOptions;

    constructor(options: Partial<EngineOptions> & { dir?: string; provider?: Simulated } = {}) {
        const { dir = temporaryDir(), provider = simulated(), ...rest } = options;
        this.dir = dir;
        this.provider = provider;
        this.options = {
            projectDir: dir,
            stateDir: dir,
            stack: "dev",
            config: {},
            passphrase: PASSPHRASE,
            encryptionSalt: SALT,
            providers: [provider],
            ...rest,
        };
    }

    urn = (name: string, type = THING): string => `urn:pulumi:dev::test::${type}::${name}`;

    up = (script: Script, targets?: string[]): Promise<Outcome> =>
        this.work(false, (run) => this.program(run, script, targets));
    preview = (script: Script): Promise<Outcome> => this.work(true, (run) => this.program(run, script));
    refresh = (): Promise<Outcome> => this.work(false, (run) => refreshAll(run, new Executor(run)));

    destroy(excludeProtected = false): Promise<Outcome> {
        return this.work(false, async (run) => {
            const rows = run.store.ordered();
            if (!excludeProtected) refuseProtected(run, rows);
            run.halt.rethrow();
            await deleteAll(
                run,
                new Executor(run),
                withoutNeededBy(rows, (row) => excludeProtected && row.state.protect === true),
            );
        });
    }

    private async work(dryRun: boolean, action: (run: Run) => Promise<void>): Promise<Outcome> {
        const events: EngineEvent[] = [];
        const options = { ...this.options, onEvent: (event: EngineEvent) => void events.push(event) };
        const project = {
            name: "test",
            dir: this.dir,
            programDir: this.dir,
            entry: ".",
            typescript: true,
            esm: false,
            nodeArgs: [],
        };
        const whole = (): Promise<Run> =>
            withRun(options, project, dryRun, async (run) => {
                if (!dryRun) await recover(run, new Executor(run));
                await action(run);
                return run;
            });
        const run = dryRun ? await whole() : await withLock(options, "up", whole);
        const ops = events.flatMap(({ resourcePreEvent: pre }) =>
            pre ? [`${pre.metadata.op} ${pre.metadata.urn.split("::").at(-1)}`] : [],
        );
        return { changes: run.reporter.changes, events, ops, run };
    }

    private async program(run: Run, script: Script, targets?: string[]): Promise<void> {
        const deployment = new Deployment(run, { targets });
        const register = (
            type: string,
            name: string,
            custom: boolean,
            inputs: PropertyMap,
            options: Options,
        ): Promise<Registered> => deployment.register({ ...goal(type, name, custom, inputs), ...options });
        try {
            await register(STACK_TYPE, "test-dev", false, {}, {});
            await script({
                run,
                deployment,
                thing: (name, inputs = {}, options = {}) => register(THING, name, true, inputs, options),
                component: (name, { type = "test:index:Group", ...options } = {}) =>
                    register(type, name, false, {}, options),
            });
        } catch (error) {
            if (!(error instanceof HaltedError || error instanceof StepError)) run.halt.abort(error as Error);
        }
        run.halt.rethrow();
        await deployment.finish();
    }

    /** The state file as it is on disk. */
    get state(): UntypedDeployment["deployment"] {
        return (JSON.parse(readFileSync(join(this.dir, "dev.json"), "utf8")) as UntypedDeployment).deployment;
    }

    get text(): string {
        return readFileSync(join(this.dir, "dev.json"), "utf8");
    }

    find = (name: string): ResourceState | undefined =>
        this.state.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
    get names(): string[] {
        return this.provider.world
            .all()
            .map(({ owner }) => owner)
            .sort();
    }
}

export function goal(type: string, name: string, custom: boolean, inputs: PropertyMap): Goal {
    return {
        type,
        name,
        custom,
        parent: "",
        inputs,
        provider: "",
        version: custom ? "1.2.3" : "",
        dependencies: [],
        propertyDependencies: {},
        ignoreChanges: [],
        replaceOnChanges: [],
        additionalSecretOutputs: [],
        aliases: [],
        deletedWith: "",
        importId: "",
        customTimeouts: {},
    };
}

/** Options of a resource whose property takes something from another one. */
export function dependsOn(property: string, ...resources: Registered[]): Options {
    const urns = resources.map(({ state }) => state.urn);
    return { dependencies: urns, propertyDependencies: { [property]: urns } };
}

export async function failure(action: Promise<unknown>): Promise<Error> {
    try {
        await action;
    } catch (error) {
        return error as Error;
    }
    throw new Error("It was expected to fail.");
}

export function failedUrns(error: Error): string[] {
    return error instanceof StepsFailedError ? error.failures.map(({ urn }) => urn.split("::").at(-1)!) : [];
}
