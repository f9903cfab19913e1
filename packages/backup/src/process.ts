/** Programs that the toolbox starts. Secrets reach them by file or environment, never as arguments. */
import type { Writable } from "node:stream";

import { execa, type ResultPromise } from "execa";

import { BackupError, type ExitCode } from "./errors";

export interface RunOptions {
    env?: Record<string, string>;
    cwd?: string;
    /** For standard input: a text, or what writes to it. A program that ends early is told of by its exit code. */
    input?: string | ((stdin: Writable) => Promise<unknown>);
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
    const { input } = options;
    const child = execa(command, args, {
        env: options.env,
        cwd: options.cwd,
        ...(typeof input === "string" && { input }),
        cancelSignal: options.signal,
        stdin: input === undefined ? "ignore" : "pipe",
        reject: false,
        maxBuffer: 1024 * 1024 * 1024,
    });
    if (typeof input === "function") await feed(child, input);
    const result = await child;
    const code = result.exitCode ?? -1;
    if (code === 0 || options.accept?.includes(code)) return { code, stdout: result.stdout, stderr: result.stderr };
    const why = result.isCanceled ? "was ended, because it took too long or the toolbox was stopped" : reasonOf(result);
    throw new BackupError(`${command} ${why}`, failure);
}

/** @throws what `write` throws; the program is ended then, since it would wait for the rest */
async function feed(
    child: { stdin: Writable | null; kill: (signal: "SIGKILL") => boolean } & PromiseLike<unknown>,
    write: (stdin: Writable) => Promise<unknown>,
): Promise<void> {
    const stdin = child.stdin!;
    stdin.on("error", () => undefined);
    try {
        await write(stdin);
        stdin.end();
    } catch (error) {
        child.kill("SIGKILL");
        await child;
        throw error;
    }
}

/** Writes, and waits while the stream is full. One that is closed takes nothing more: who reads it tells why. */
export async function give(stream: Writable, chunk: Buffer): Promise<void> {
    if (stream.destroyed || stream.write(chunk)) return;
    await new Promise<void>((resolve) => {
        const go = (): void => {
            stream.off("drain", go).off("close", go);
            resolve();
        };
        stream.on("drain", go).on("close", go);
    });
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
