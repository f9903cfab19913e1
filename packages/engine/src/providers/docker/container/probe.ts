import { addAbortSignal } from "node:stream";

import type { ProviderContext } from "../../../provider";
import type { Connection } from "../client";
import { isConflict, isNotFound } from "../errors";
import type { Inspect } from "./api";
import { inspectContainer } from "./inspect";

const NANOSECONDS = 1e6;
/** Docker's own default, in milliseconds. */
const TIMEOUT = 30_000;

/**
 * Runs the command of a container's health check once, as Docker does: in the container, as its user. False: it failed or took too long.
 */
export async function passesProbe(connection: Connection, ctx: ProviderContext, info: Inspect): Promise<boolean> {
    const command = commandOf(info.Config.Healthcheck?.Test ?? []);
    if (!command) return false;
    const timeout = AbortSignal.timeout((info.Config.Healthcheck?.Timeout ?? 0) / NANOSECONDS || TIMEOUT);
    try {
        const exec = await connection.docker
            .getContainer(info.Id)
            .exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
        const output = await exec.start({});
        addAbortSignal(AbortSignal.any([timeout, ctx.signal]), output);
        // What it prints says nothing; its end does.
        for await (const _ of output);
        return (await exec.inspect()).ExitCode === 0;
    } catch (error) {
        ctx.signal.throwIfAborted();
        // The container has just ended, or is being restarted: the next look at it tells.
        if (timeout.aborted || isConflict(error) || isNotFound(error)) return false;
        if (!(await isStillRunning(connection, info))) return false;
        throw error;
    }
}

/**
 * Asked where the engine says no reason: Docker 20.10 answers with an error of its own (500) when a container ends before its exec starts.
 */
async function isStillRunning(connection: Connection, { Id, State }: Inspect): Promise<boolean> {
    const now = await inspectContainer(connection, Id);
    return now?.State.Running === true && now.State.StartedAt === State.StartedAt;
}

function commandOf([kind, ...command]: string[]): string[] | undefined {
    if (kind === "CMD") return command;
    return kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...command] : undefined;
}
