/** What people need to know of a container that does not do what it should. */
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import type Docker from "dockerode";

import { isNotFound, messageOf } from "../errors";
import { demultiplexed } from "../frames";
import type { Inspect } from "./api";

const LAST_LINES = 20;
const LONGEST_LINE = 500;
/** Exit code after SIGKILL. */
const KILLED = 137;
const VERDICT_MS = 500;

/** A container did not become what was asked; its state at that moment. */
export class ContainerFailedError extends Error {
    constructor(
        message: string,
        readonly info: Inspect,
    ) {
        super(message);
        this.name = "ContainerFailedError";
    }
}

/** What an error says, and of a container that failed what is known about why. */
export async function failureText(docker: Docker, error: unknown): Promise<string> {
    const detail = error instanceof ContainerFailedError ? `\n${await describeFailure(docker, error.info)}` : "";
    return messageOf(error) + detail;
}

/** Exit code, OOM kill, health check and the last log lines. */
async function describeFailure(docker: Docker, seen: Inspect): Promise<string> {
    const info = await afterVerdict(docker, seen);
    const lines = [describeState(info)];
    const check = info.State.Health?.Log?.at(-1);
    if (check && info.State.Health!.Status !== "healthy")
        lines.push(`Last health check (exit code ${check.ExitCode}): ${clip(check.Output.trim()) || "no output"}`);
    const logs = await lastLogs(docker, info);
    lines.push(
        logs.length > 0 ? `Last log lines:\n${logs.map((line) => `  ${line}`).join("\n")}` : "It logged nothing.",
    );
    return lines.join("\n");
}

/** Docker notes a moment after a container's end that it was the memory limit which ended it. */
async function afterVerdict(docker: Docker, info: Inspect): Promise<Inspect> {
    if (info.State.ExitCode !== KILLED || info.State.OOMKilled) return info;
    await sleep(VERDICT_MS);
    try {
        return (await docker.getContainer(info.Id).inspect()) as Inspect;
    } catch (error) {
        if (isNotFound(error)) return info;
        throw error;
    }
}

function describeState(info: Inspect): string {
    const { State: state, RestartCount: restarts } = info;
    const again = restarts > 0 ? `, restarted ${restarts} times` : "";
    if (state.OOMKilled)
        return `It was killed for using more memory than its limit (exit code ${state.ExitCode})${again}.`;
    // Docker misses an end by the memory limit now and then: its notice comes from a control group that goes with the container.
    if (state.ExitCode === KILLED && info.HostConfig.Memory)
        return `It was killed (exit code ${KILLED}), most likely for using more memory than its limit of ${info.HostConfig.Memory >> 20} MiB${again}.`;
    if (state.Error) return `Docker says: ${state.Error}${again}.`;
    if (state.Running) return `It is running${again}${state.Health ? `, health: ${state.Health.Status}` : ""}.`;
    return `It exited with code ${state.ExitCode}${meaning(state.ExitCode)}${again}.`;
}

function meaning(code: number): string {
    if (code === 126) return " (its command cannot be executed)";
    if (code === 127) return " (its command was not found)";
    if (code > 128 && code < 160) return ` (signal ${code - 128})`;
    return "";
}

async function lastLogs(docker: Docker, info: Inspect): Promise<string[]> {
    try {
        const raw = await docker.getContainer(info.Id).logs({ stdout: true, stderr: true, tail: LAST_LINES });
        const lines = (await plainLogs(docker, raw, info.Config.Tty)).split("\n");
        return lines
            .filter((line) => line.trim() !== "")
            .slice(-LAST_LINES)
            .map(clip);
    } catch (error) {
        return [`(its logs cannot be read: ${(error as Error).message})`];
    }
}

/** Docker sends both streams in one, in frames, unless there is a terminal. */
export async function plainLogs(docker: Docker, raw: Buffer | NodeJS.ReadableStream, tty: boolean): Promise<string> {
    if (Buffer.isBuffer(raw)) return tty ? raw.toString() : demultiplexed(raw);
    const chunks: Buffer[] = [];
    const collect = { write: (chunk: Buffer) => chunks.push(chunk) };
    const stream = raw as Readable;
    if (tty) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    else docker.modem.demuxStream(stream, collect as never, collect as never);
    await new Promise<void>((resolve, reject) => {
        stream.once("end", resolve).once("close", resolve).once("error", reject);
    });
    return Buffer.concat(chunks).toString();
}

function clip(line: string): string {
    return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}
