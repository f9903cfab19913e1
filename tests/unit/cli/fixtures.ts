/** Projects in temporary directories, and `gw` as users run it. */
import { execFile } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { temporary as temporaryDir } from "../../temporary";

export const REPOSITORY = resolve(__dirname, "..", "..", "..");
export const GW = join(REPOSITORY, "gw");

export const temporary = (): string => temporaryDir("cli");

export const DEV = "config:\n  groundwork:environment: dev\n  groundwork:system: debt-os\n";

/** A project with these stack files, by stack name; its program is never meant to start. */
export function project(stacks: Record<string, string> = { dev: DEV }): string {
    const dir = temporary();
    writeFileSync(join(dir, "Pulumi.yaml"), "name: groundwork\nruntime: nodejs\n");
    for (const [stack, text] of Object.entries(stacks)) writeFileSync(join(dir, `Pulumi.${stack}.yaml`), text);
    return dir;
}

interface Ended {
    code: number;
    stdout: string;
    stderr: string;
}

/** Runs `gw`; without a Docker engine, a Pulumi CLI, a terminal and input, unless the options say otherwise. */
export function gw(
    args: string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv; bin?: string; input?: string; timeoutMs?: number } = {},
): Promise<Ended> {
    const env = {
        PATH: `${process.execPath.replace(/\/[^/]*$/, "")}:/usr/bin:/bin`,
        HOME: process.env["HOME"],
        DOCKER_HOST: "unix:///nonexistent/docker.sock",
        ...options.env,
    };
    return new Promise((done) => {
        const child = execFile(
            options.bin ?? GW,
            args,
            { cwd: options.cwd, env, timeout: options.timeoutMs ?? 280_000 },
            (error, stdout, stderr) => {
                const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
                done({ code, stdout, stderr });
            },
        );
        child.stdin?.end(options.input);
    });
}

/** Names of everything in a directory, to see that nothing was changed. */
export function listing(dir: string): string[] {
    return readdirSync(dir, { recursive: true }).map(String).sort();
}
