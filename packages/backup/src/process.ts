/** Programs that the toolbox starts. Secrets reach them by file or environment, never as arguments. */
import { execa, type ResultPromise } from "execa";

import { BackupError, type ExitCode } from "./errors";

export interface RunOptions {
    env?: Record<string, string>;
    cwd?: string;
    /** For standard input. */
    input?: string;
    signal?: AbortSignal;
    /** Exit codes that are no failure, besides 0. */
    accept?: number[];
}

export interface Finished {
    code: number;
    stdout: string;
    stderr: string;
}

/** Runs to the end. @throws BackupError with the last lines that it wrote, when it fails or cannot be started */
export async function run(
    command: string,
    args: string[],
    failure: { exit: ExitCode; remedy: string },
    options: RunOptions = {},
): Promise<Finished> {
    const result = await execa(command, args, {
        env: options.env,
        cwd: options.cwd,
        input: options.input,
        cancelSignal: options.signal,
        stdin: options.input === undefined ? "ignore" : "pipe",
        reject: false,
        maxBuffer: 1024 * 1024 * 1024,
    });
    const code = result.exitCode ?? -1;
    if (code === 0 || options.accept?.includes(code)) return { code, stdout: result.stdout, stderr: result.stderr };
    const why = result.isCanceled ? "was ended, because it took too long or the toolbox was stopped" : reasonOf(result);
    throw new BackupError(`${command} ${why}`, failure);
}

/** Starts a program whose output is read as it comes. */
export function start(
    command: string,
    args: string[],
    options: RunOptions = {},
): ResultPromise<{ reject: false; buffer: false }> {
    return execa(command, args, {
        env: options.env,
        cwd: options.cwd,
        cancelSignal: options.signal,
        reject: false,
        buffer: false,
    }) as unknown as ResultPromise<{ reject: false; buffer: false }>;
}

function reasonOf(result: {
    exitCode?: number;
    signal?: string;
    stderr: string;
    stdout: string;
    shortMessage?: string;
}): string {
    const lines = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-6).join("\n    ");
    if (result.exitCode === undefined && result.signal === undefined)
        return `could not be started: ${result.shortMessage}`;
    return `ended with ${result.exitCode === undefined ? `signal ${result.signal}` : `code ${result.exitCode}`}: ${lines}`;
}
