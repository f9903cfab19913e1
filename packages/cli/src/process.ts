/** Programs that `gw` runs, and what they said. */

export interface ProcessOptions {
    /** Default: where this process is. */
    cwd?: string;
    input?: string;
    /** Beside the environment of this process. */
    env?: Record<string, string>;
    signal?: AbortSignal;
    timeoutMs?: number;
}

export interface Ended {
    /** It ended otherwise than with 0, or could not be started. */
    failed: boolean;
    /** There is no such program. */
    missing: boolean;
    /** As they were, but for the last line's end. */
    stdout: string;
    stderr: string;
    /** Why it failed: what it said on stderr, else how it ended. */
    problem: string;
}

/** @throws CancelledError when the signal stops it */
export async function runProcess(
    file: string,
    args: string[],
    { cwd, input, env, signal, timeoutMs }: ProcessOptions = {},
): Promise<Ended> {
    const { execa } = await import("execa");
    const ended = await execa(file, args, { cwd, input, env, cancelSignal: signal, timeout: timeoutMs, reject: false });
    if (ended.isCanceled) {
        const { CancelledError } = await import("@groundwork/engine/api");
        throw new CancelledError();
    }
    const { failed, stdout = "", stderr = "", code, shortMessage = "" } = ended;
    return { failed, missing: code === "ENOENT", stdout, stderr, problem: failed ? stderr || shortMessage : "" };
}
