/** Commands of the machine. */
import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

export type Say = (line: string) => void;

/** What this machine lacks for a cluster of its own: tests may be skipped with this message. */
export class ClusterUnavailableError extends Error {
    constructor(message: string) {
        super(message);
        this.name = "ClusterUnavailableError";
    }
}

export interface RunOptions {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    /** Written to its standard input. */
    input?: string;
}

/**
 * Runs a command to its end.
 * @returns its standard output
 * @throws Error with the command and the end of what it said
 */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<string> {
    const { cwd, env, input } = options;
    const running = execute(command, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 64 << 20 });
    // A command that ends before it has read all says so itself.
    running.child.stdin?.on("error", () => undefined);
    running.child.stdin?.end(input ?? "");
    try {
        return (await running).stdout;
    } catch (error) {
        const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
        const said = lastLines(stderr?.trim() || stdout?.trim() || message, 20);
        throw new Error(`${[command, ...args].join(" ").slice(0, 200)} failed:\n${said}`, { cause: error });
    }
}

/** Whether a command ends with code 0. */
export async function succeeds(command: string, args: string[]): Promise<boolean> {
    return run(command, args).then(
        () => true,
        () => false,
    );
}

/** Connects the output of one command with the input of another. @throws Error when either fails */
export async function pipe(from: [string, ...string[]], to: [string, ...string[]]): Promise<void> {
    const source = spawn(from[0], from.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
    const sink = spawn(to[0], to.slice(1), { stdio: ["pipe", "ignore", "pipe"] });
    sink.stdin.on("error", () => source.kill());
    source.stdout.pipe(sink.stdin);
    await Promise.all(
        [source, sink].map((child, index) => {
            let said = "";
            child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
            return new Promise<void>((resolve, reject) => {
                child.on("error", reject);
                child.on("close", (code) => {
                    const command = (index === 0 ? from : to).join(" ").slice(0, 200);
                    if (code === 0) resolve();
                    else reject(new Error(`${command} ended with ${code}:\n${lastLines(said, 20)}`));
                });
            });
        }),
    );
}

export function lastLines(text: string, count: number): string {
    return text.trimEnd().split("\n").slice(-count).join("\n");
}
