/** Runs the program: `preview` and `up`. */
import { CancelledError, ProgramError } from "./api";
import { Deployment } from "./deployment";
import { Monitor } from "./monitor";
import { Policies } from "./policy";
import { startPolicyPack, type PolicyPackProcess } from "./policy-pack";
import { startProgram, type OnOutput, type Program, type ProgramArgs } from "./program";
import { unlessTerminated, type Run } from "./run";
import { MonitorServer } from "./server";

/** Lines of the program's error output that an error quotes. */
const QUOTED_LINES = 20;

/** The program's process: it starts while the state is loaded and the key of its secrets derived. */
export interface StartedProgram {
    program: Program;
    packs: PolicyPackProcess[];
    listening: Promise<void>;
    /** From now on its requests are answered, and its output goes to `onOutput`. */
    serve(monitor: Monitor, onOutput: OnOutput): void;
    stop(): void;
}

export function launch(args: Omit<ProgramArgs, "address" | "onOutput">): StartedProgram {
    const server = new MonitorServer();
    const early: Parameters<OnOutput>[] = [];
    let sink: OnOutput = (...output) => void early.push(output);
    const onOutput: OnOutput = (...output) => sink(...output);
    const packs: PolicyPackProcess[] = [];
    let program: Program | undefined;
    const stop = (): void => {
        program?.kill();
        for (const pack of packs) pack.stop();
        server.close();
    };
    try {
        program = startProgram({ ...args, address: server.address, onOutput });
        for (const dir of args.options.policyPacks ?? []) {
            packs.push(startPolicyPack(dir, args.project, args.options, args.dryRun, server.address, onOutput));
        }
    } catch (error) {
        stop();
        throw error;
    }
    let setMonitor: (monitor: Monitor) => void;
    const monitor = new Promise<Monitor>((resolve) => (setMonitor = resolve));
    // A program that is faster than the state finds somebody who lets it wait.
    const listening = server.listen(async (method, request) => (await monitor).answer(method, request));
    // Either may fail before anybody waits for it.
    listening.catch(() => undefined);
    program.exit.catch(() => undefined);
    return {
        program,
        packs,
        listening,
        serve(served, onOutput) {
            sink = onOutput;
            for (const output of early) onOutput(...output);
            setMonitor(served);
        },
        stop,
    };
}

/** @throws ProgramError, StepsFailedError, PolicyError or CancelledError */
export async function runProgram(run: Run, started: StartedProgram): Promise<void> {
    const policies = started.packs.length > 0 ? await Policies.connect(run, started.packs) : undefined;
    run.policyPacks = policies?.names ?? {};
    const deployment = new Deployment(run, policies);
    const monitor = new Monitor(run, deployment);
    const quoted: string[] = [];
    started.serve(monitor, (line, stream) => {
        run.reporter.diagnostic(stream === "stdout" ? "info" : "info#err", line, deployment.rootUrn);
        if (stream === "stderr") quoted.push(line);
        if (quoted.length > QUOTED_LINES) quoted.shift();
    });
    await started.listening;
    const exit = await Promise.race([started.program.exit, run.halt.halted]);
    const failed = !exit || exit.code !== 0 || !monitor.finished || monitor.errors.length > 0;
    // Nothing more begins, and what has begun is brought to its end.
    if (failed) run.halt.stop();
    await settled(run, monitor.idle());
    // A preview goes on after a violation, to find all of them.
    if (failed || !run.dryRun) run.halt.rethrow();
    if (failed) throw programError(run, exit ?? { code: null, signal: null }, monitor, quoted);
    await deployment.analyze();
    run.halt.rethrow();
    run.options.onRegistered?.(deployment.registeredResources());
    await settled(run, deployment.finish());
    if (!run.dryRun) await settled(run, settle(run));
}

/** What providers have left to itself becomes what it is to be, or the run fails. */
async function settle(run: Run): Promise<void> {
    for (const { urn, message } of await run.providers.settle(run.terminate)) {
        const text = run.scrubber.scrub(message);
        run.reporter.diagnostic("error", text, urn);
        run.halt.fail(urn, text);
    }
}

/** Waits; a run that is to stop at once gives its steps a moment to notice it. */
async function settled(run: Run, work: Promise<void>): Promise<void> {
    try {
        await unlessTerminated(run, work);
    } catch (error) {
        if (!(error instanceof CancelledError && run.terminate.aborted)) throw error;
        await Promise.race([
            work.catch(() => undefined),
            new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref()),
        ]);
        throw error;
    }
}

const GRACE_MS = 2_000;

function programError(
    run: Run,
    exit: { code: number | null; signal: NodeJS.Signals | null },
    monitor: Monitor,
    quoted: string[],
): ProgramError {
    if (monitor.errors.length > 0) return new ProgramError(monitor.errors.join("\n"));
    const how = exit.signal
        ? `was ended by ${exit.signal}`
        : exit.code === 0
          ? "ended before it had registered everything (process.exit?)"
          : `ended with exit code ${exit.code}`;
    const why = run.scrubber.scrub(quoted.join("\n"));
    return new ProgramError(`The program ${how}.${why ? `\n${why}` : ""}`);
}
