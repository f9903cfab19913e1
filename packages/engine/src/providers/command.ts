import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";

import type { PropertyMap, PropertyValue, Provider, ProviderContext } from "../provider";
import { checkInputs } from "./schema/check";
import { diffResource } from "./schema/diff";
import { oneOf } from "./schema/rules";
import { isMap, type Fields } from "./schema/types";

/** Lines of output in an error. */
const LAST_LINES = 20;

/** How long a command has to end when the run is stopped, in milliseconds. */
const STOP_GRACE = 5000;

/** Shorter values are too common to hide: the text would be unreadable. */
const SHORTEST_HIDDEN = 4;

const text = { kind: "string" } as const;

const fields: Fields = {
    create: text,
    update: text,
    delete: text,
    dir: text,
    environment: { kind: "map", secret: true },
    stdin: { ...text, secret: true },
    interpreter: { kind: "list", of: text },
    // The SDK asks for a replacement when they change (replaceOnChanges); to the provider they are an update like any other.
    triggers: { kind: "list", of: { kind: "any" } },
    logging: { ...text, rule: oneOf("stdout", "stderr", "stdoutAndStderr", "none") },
    addPreviousOutputInEnv: { kind: "boolean" },
    assetPaths: { kind: "any", refused: "files that a command makes are not read back" },
    archivePaths: { kind: "any", refused: "files that a command makes are not read back" },
};

/**
 * `command:local:Command`: a command on this machine at creation, update and deletion. What it prints is the resource's output. A
 * command that was interrupted runs again on the next run, so it must be repeatable.
 */
export const commandProvider: Provider = {
    name: "command",
    version: "1.2.1",
    types: ["command:local:Command"],
    volatileOutputs: { "command:local:Command": ["stdout", "stderr"] },

    check(_ctx, _olds, news) {
        return Promise.resolve(checkInputs(fields, news, false));
    },

    diff(_ctx, _id, olds, news) {
        // The inputs are all there is: the outputs of a command say nothing about the next.
        return Promise.resolve(diffResource(fields, { inputs: olds.inputs, outputs: olds.inputs }, news));
    },

    async create(ctx, inputs) {
        const id = ctx.name + randomBytes(4).toString("hex");
        return { id, outputs: { ...inputs, ...(await run(ctx, "create", inputs.create, inputs, {})) } };
    },

    async update(ctx, _id, olds, news) {
        const which = news.update === undefined ? "create" : "update";
        return { outputs: { ...news, ...(await run(ctx, which, news[which], news, olds.outputs)) } };
    },

    async delete(ctx, _id, olds) {
        await run(ctx, "delete", olds.outputs.delete, olds.outputs, olds.outputs);
    },

    read(_ctx, _id, olds) {
        return Promise.resolve(olds);
    },

    recover() {
        return Promise.resolve(undefined);
    },
};

/** Runs one command to its end, and returns what it printed; without a command, what the last one did. */
async function run(
    ctx: ProviderContext,
    operation: string,
    command: PropertyValue | undefined,
    inputs: PropertyMap,
    previous: PropertyMap,
): Promise<Printed> {
    if (typeof command !== "string") return { stdout: previous.stdout ?? "", stderr: previous.stderr ?? "" };
    ctx.signal.throwIfAborted();

    const child = start(command, inputs, previous);
    const output = collect(child, inputs, (line) => ctx.log(line));
    const end = await ended(child, ctx.signal).catch((error: unknown) => {
        throw notStarted(operation, command, inputs, error);
    });
    if (ctx.signal.aborted) throw new Error(`The ${operation} command was stopped with the run.`);
    if (end.code !== 0) throw new Error(`The ${operation} command ${failure(end)}. ${lastWords(output.lastLines)}`);
    return output.printed();
}

interface Printed {
    stdout: PropertyValue;
    stderr: PropertyValue;
}

interface End {
    code: number | null;
    signal: string | null;
}

function start(command: string, inputs: PropertyMap, previous: PropertyMap): ChildProcessWithoutNullStreams {
    const { program, args } = invocation(command, inputs);
    const child = spawn(program, args, {
        cwd: directory(inputs),
        env: { ...process.env, ...environment(inputs), ...previousOutput(inputs, previous) },
        stdio: ["pipe", "pipe", "pipe"],
        // A group of its own, so that stopping it stops what it started.
        detached: process.platform !== "win32",
    });
    // A command need not read its input.
    child.stdin.on("error", () => undefined).end((inputs.stdin as string | undefined) ?? "");
    return child;
}

/** Keeps what it prints, and logs of it what `logging` asks for. */
function collect(child: ChildProcessWithoutNullStreams, inputs: PropertyMap, log: (line: string) => void) {
    const logging = (inputs.logging as string | undefined) ?? "stdoutAndStderr";
    const hide = hider(inputs);
    const lastLines: string[] = [];
    const read = (stream: NodeJS.ReadableStream, logged: boolean): (() => string) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        createInterface({ input: stream }).on("line", (line) => {
            lastLines.push(hide(line));
            if (lastLines.length > LAST_LINES) lastLines.shift();
            if (logged) log(hide(line));
        });
        return () => Buffer.concat(chunks).toString().replace(/\n$/, "");
    };
    const stdout = read(child.stdout, /^stdout/.test(logging));
    const stderr = read(child.stderr, /stderr$/i.test(logging));
    return { lastLines, printed: (): Printed => ({ stdout: stdout(), stderr: stderr() }) };
}

/** Waits for its end, which `signal` brings about. Rejects when it cannot be started. */
async function ended(child: ChildProcess, signal: AbortSignal): Promise<End> {
    let killer: NodeJS.Timeout | undefined;
    const stop = (): void => {
        signalGroup(child, "SIGTERM");
        killer = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_GRACE);
    };
    signal.addEventListener("abort", stop, { once: true });
    try {
        return await new Promise<End>((resolve, reject) => {
            child.once("error", reject);
            child.once("close", (code, signal) => resolve({ code, signal }));
        });
    } finally {
        signal.removeEventListener("abort", stop);
        clearTimeout(killer);
    }
}

/** To the command and to all that it started. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
    try {
        if (child.pid !== undefined) process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
    } catch (error) {
        // It has just ended.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}

function failure({ code, signal }: End): string {
    return signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
}

function lastWords(lines: string[]): string {
    return lines.length > 0 ? `Its last lines:\n${lines.map((line) => `  ${line}`).join("\n")}` : "It printed nothing.";
}

function notStarted(operation: string, command: string, inputs: PropertyMap, error: unknown): unknown {
    if (!(error as NodeJS.ErrnoException).syscall?.startsWith("spawn")) return error;
    return new Error(
        `The ${operation} command cannot be started: ${invocation(command, inputs).program} (in ${directory(inputs)}): ` +
            `${(error as Error).message}. Check "interpreter" and "dir".`,
        { cause: error },
    );
}

/** The command is the last argument of its interpreter. */
function invocation(command: string, inputs: PropertyMap): { program: string; args: string[] } {
    const interpreter = (inputs.interpreter as string[] | undefined) ?? [];
    const [program = "", ...args] = interpreter.length > 0 ? interpreter : shell();
    return { program, args: [...args, command] };
}

function directory(inputs: PropertyMap): string {
    return (inputs.dir as string | undefined) ?? process.cwd();
}

function shell(): string[] {
    return process.platform === "win32" ? ["cmd", "/C"] : ["/bin/sh", "-c"];
}

function environment(inputs: PropertyMap): Record<string, string> {
    return isMap(inputs.environment) ? (inputs.environment as Record<string, string>) : {};
}

function previousOutput(inputs: PropertyMap, previous: PropertyMap): Record<string, string> {
    if (inputs.addPreviousOutputInEnv === false) return {};
    return {
        ...(previous.stdout ? { PULUMI_COMMAND_STDOUT: previous.stdout as string } : {}),
        ...(previous.stderr ? { PULUMI_COMMAND_STDERR: previous.stderr as string } : {}),
    };
}

/** Environment and input may be secret, and arrive here without a mark: their values are never shown. */
function hider(inputs: PropertyMap): (line: string) => string {
    const stdin = typeof inputs.stdin === "string" ? inputs.stdin.split("\n") : [];
    const values = [...Object.values(environment(inputs)).flatMap((value) => [value, ...value.split("\n")]), ...stdin]
        .filter((value) => value.length >= SHORTEST_HIDDEN)
        .sort((a, b) => b.length - a.length);
    return (line) => values.reduce((shown, value) => shown.replaceAll(value, "[hidden]"), line);
}
