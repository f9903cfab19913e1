/**
 * A place of its own for a test: the program by links, with a stack file, state and passphrase of its own in a temporary directory. What a
 * target needs of a stack is in `docker/support/sandbox.ts` and `kubernetes/support/sandbox.ts`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stringify } from "yaml";

import type { SystemKey } from "../../../systems/types";

export const ROOT = join(__dirname, "../../..");
/** The engine that these tests run on; each test's name says so. */
export const ENGINE = "embedded engine";

export interface Result {
    code: number;
    stdout: string;
    stderr: string;
    /** Both, in order of arrival. */
    output: string;
    seconds: number;
}

/** Where this machine reaches a stack's edge. */
export interface EdgeAddress {
    address: string;
    httpsPort: number;
}

export abstract class StackSandbox {
    readonly directory = mkdtempSync(join(tmpdir(), "groundwork-e2e-"));
    readonly file: string;
    /** On top of this process's environment, for every `gw` of the sandbox. */
    environment: NodeJS.ProcessEnv = {};
    /** The stack file's salt: what its `secure:` values are encrypted with. */
    encryptionSalt?: string;
    abstract readonly edge: EdgeAddress;

    /** @param target What the stack file says in every case, by key below `groundwork:`, beside its system and environment. */
    constructor(
        readonly stack: string,
        readonly system: SystemKey,
        private readonly target: Record<string, unknown>,
    ) {
        for (const entry of readdirSync(ROOT)) {
            if (/^(Pulumi\..+\.yaml|\.git|\.groundwork|reports)$/.test(entry)) continue;
            symlinkSync(join(ROOT, entry), join(this.directory, entry));
        }
        this.file = join(this.directory, `Pulumi.${stack}.yaml`);
        this.configure({});
    }

    /** Writes the stack file: the dev environment of the system on its target, with these keys on top. */
    configure(keys: Record<string, unknown>): void {
        const all = { system: this.system, environment: "dev", ...this.target, ...keys };
        const config = Object.fromEntries(Object.entries(all).map(([key, value]) => [`groundwork:${key}`, value]));
        writeFileSync(this.file, stringify({ encryptionsalt: this.encryptionSalt, config }));
    }

    /** Starts `gw` and does not wait for it. */
    start(args: string[]): ChildProcess {
        const command = args[0]!;
        const images = ["up", "preview", "rebuild"].includes(command) ? ["--images", "local"] : [];
        const all = [...args, "--stack", this.stack, "--cwd", this.directory, ...images];
        return spawn(join(ROOT, "gw"), all, {
            cwd: this.directory,
            env: { ...process.env, ...this.environment, NO_COLOR: "1" },
            stdio: ["ignore", "pipe", "pipe"],
        });
    }

    /** Runs `gw` to its end. */
    async gw(...args: string[]): Promise<Result> {
        return finished(this.start(args));
    }

    remove(): void {
        rmSync(this.directory, { recursive: true, force: true });
    }
}

/** Waits for a process and collects what it wrote. */
export function finished(child: ChildProcess): Promise<Result> {
    const started = Date.now();
    const result: Result = { code: 0, stdout: "", stderr: "", output: "", seconds: 0 };
    child.stdout?.on("data", (chunk: Buffer) => {
        result.stdout += chunk.toString();
        result.output += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
        result.stderr += chunk.toString();
        result.output += chunk.toString();
    });
    return new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code, signal) => {
            result.code = code ?? (signal ? 128 : 1);
            result.seconds = (Date.now() - started) / 1000;
            resolve(result);
        });
    });
}

/** Fails a test with everything that the command wrote, which a bare exit code would hide. */
export function expectCode(result: Result, code: number): void {
    if (result.code !== code) throw new Error(`exit code ${result.code} instead of ${code}:\n${result.output}`);
}
