/** Commands inside of a stack's pods. */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import type { ExecResult } from "../runtime/runtime";
import type { Cluster } from "./client";
import type { PodContainer } from "./logs";
import type { V1Status } from "./types";

/** Runs a command in a pod's container, as its own user. @throws Error when it is not done in time, or cannot be run at all */
export async function execIn(
    { client, config }: Pick<Cluster, "client" | "config">,
    { namespace, pod, container }: PodContainer,
    command: string[],
    timeoutMs: number,
): Promise<ExecResult> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const texts = Promise.all([text(stdout), text(stderr)]);
    let late: NodeJS.Timeout | undefined;
    let status: V1Status | undefined;
    let socket: { terminate(): void } | undefined;
    try {
        await new Promise<void>((resolve, reject) => {
            late = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
            new client.Exec(config)
                .exec(namespace, pod, container, command, stdout, stderr, null, false, (said) => (status = said))
                .then(
                    (opened) => {
                        socket = opened;
                        opened.on("close", () => resolve());
                        opened.on("error", reject);
                    },
                    (error: unknown) => reject(refusalOf(error)),
                );
        });
    } finally {
        clearTimeout(late);
        socket?.terminate();
        stdout.end();
        stderr.end();
    }
    const [out, err] = await texts;
    if (status === undefined)
        throw new Error(`the connection to the pod ${pod} was closed before the command was done`);
    return { exitCode: exitCodeOf(status), stdout: out, stderr: err };
}

/** @throws Error when the command could not be run, which is no exit code of its own */
export function exitCodeOf({ status, reason, message, details }: V1Status): number {
    if (status === "Success") return 0;
    const code = details?.causes?.find((cause) => cause.reason === "ExitCode")?.message;
    if (reason === "NonZeroExitCode" && code !== undefined) return Number(code);
    throw new Error(message ?? "the command could not be run");
}

/** A WebSocket that is not let in is an event with an error in it, not an error. */
export function refusalOf(error: unknown): Error {
    if (error instanceof Error) return error;
    const { error: inner, message } = error as { error?: unknown; message?: string };
    return inner instanceof Error ? inner : new Error(message ?? "the API server refuses the connection");
}
