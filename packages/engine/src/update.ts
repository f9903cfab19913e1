/** Runs the program: `preview` and `up`. */
import { ProgramError } from "./api";
import { Deployment } from "./deployment";
import { Monitor } from "./monitor";
import { startProgram, type Program } from "./program";
import { MonitorServer } from "./server";
import type { Run } from "./run";

/** Lines of the program's error output that an error quotes. */
const QUOTED_LINES = 20;

/** The program's process; it starts while the state is loaded and the secrets' key derived. */
export interface StartedProgram {
    server: MonitorServer;
    program: Program;
    /** From now on its output goes to the run's events. */
    attach(onOutput: (line: string, stream: "stdout" | "stderr") => void): void;
    stop(): void;
}

export function launch(args: Omit<Parameters<typeof startProgram>[0], "address" | "onOutput">): StartedProgram {
    const server = new MonitorServer();
    const early: [string, "stdout" | "stderr"][] = [];
    let sink: ((line: string, stream: "stdout" | "stderr") => void) | undefined;
    try {
        const program = startProgram({
            ...args,
            address: server.address,
            onOutput: (line, stream) => (sink ? sink(line, stream) : early.push([line, stream])),
        });
        // It may end before anybody waits for it.
        program.exit.catch(() => undefined);
        return {
            server,
            program,
            attach(onOutput) {
                for (const [line, stream] of early) onOutput(line, stream);
                sink = onOutput;
            },
            stop() {
                program.kill();
                server.close();
            },
        };
    } catch (error) {
        server.close();
        throw error;
    }
}

export async function runProgram(
    run: Run,
    started: StartedProgram,
    options: { targets?: string[] },
): Promise<Deployment> {
    const deployment = new Deployment(run, options);
    const monitor = new Monitor(run, deployment);
    const output: string[] = [];
    try {
        await started.server.listen(monitor.resourceService(), monitor.engineService());
        started.attach((line, stream) => {
            run.reporter.diagnostic(stream === "stdout" ? "info" : "info#err", line, deployment.rootUrn);
            if (stream === "stderr") output.push(line);
            if (output.length > QUOTED_LINES) output.shift();
        });
        const exit = await Promise.race([started.program.exit, run.halt.halted]);
        // Nothing more begins, and what has begun is brought to its end.
        if (!exit || exit.code !== 0 || !monitor.finished) run.halt.stop();
        await monitor.idle();
        run.halt.rethrow();
        if (exit && (exit.code !== 0 || !monitor.finished || monitor.errors.length > 0))
            throw programError(run, exit, monitor, output);
        await deployment.finish();
        run.halt.rethrow();
        return deployment;
    } finally {
        started.stop();
    }
}

function programError(
    run: Run,
    exit: { code: number | null; signal: NodeJS.Signals | null },
    monitor: Monitor,
    output: string[],
): ProgramError {
    const how = exit.signal
        ? `was ended by ${exit.signal}`
        : exit.code === 0
          ? "ended before it had registered everything"
          : `ended with exit code ${exit.code}`;
    const why = monitor.errors.length > 0 ? monitor.errors.join("\n") : run.scrubber.scrub(output.join("\n"));
    return new ProgramError(
        monitor.errors.length > 0 && exit.code !== 0 ? why : `The program ${how}.${why ? `\n${why}` : ""}`,
    );
}
