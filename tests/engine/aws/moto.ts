/** A server that answers as AWS does: moto, from PyPI, at pinned versions, in a Python environment of its own in the user's cache. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { waitFor } from "../../e2e/support/wait";

const run = promisify(execFile);

const REQUIREMENTS = join(__dirname, "requirements.txt");

/** Longest start on a busy machine. */
const START_SECONDS = 180;
const TRIES = 3;

export interface Moto {
    endpoint: string;
    stop(): void;
}

/** @returns why there can be none here, instead of the server */
export async function startMoto(): Promise<Moto | string> {
    try {
        await run("python3", ["-c", "import venv, ensurepip"]);
    } catch {
        return "no Python with venv and pip: there is nothing to run moto with";
    }
    const environment = await ensureEnvironment();
    for (let tries = 1; ; tries += 1) {
        try {
            return await serve(environment);
        } catch (error) {
            // Somebody may have taken the port between the look and the start.
            if (tries === TRIES) throw error;
        }
    }
}

async function serve(environment: string): Promise<Moto> {
    const port = await freePort();
    const server = spawn(
        join(environment, "bin/python"),
        ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)],
        {
            stdio: "ignore",
        },
    );
    const endpoint = `http://127.0.0.1:${port}`;
    await answers(endpoint, server);
    return { endpoint, stop: () => server.kill() };
}

async function ensureEnvironment(): Promise<string> {
    const hash = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
    const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "groundwork");
    const environment = join(cache, `moto-${hash}`);
    if (existsSync(environment)) return environment;
    mkdirSync(cache, { recursive: true });
    const draft = `${environment}.${process.pid}`;
    try {
        await run("python3", ["-m", "venv", draft]);
        const python = join(draft, "bin/python");
        await run(python, ["-m", "pip", "install", "--quiet", "--no-deps", "--requirement", REQUIREMENTS]);
        renameSync(draft, environment);
    } finally {
        rmSync(draft, { recursive: true, force: true });
    }
    return environment;
}

async function answers(endpoint: string, server: ChildProcess): Promise<void> {
    const check = (): void => {
        if (server.exitCode !== null) throw new Error(`moto ended with exit code ${server.exitCode}`);
    };
    const isReady = async (): Promise<boolean> => (await fetch(`${endpoint}/moto-api/`)).ok;
    try {
        await waitFor(isReady, { what: "an answer of moto", seconds: START_SECONDS, check });
    } catch (error) {
        server.kill();
        throw error;
    }
}

function freePort(): Promise<number> {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address() as { port: number };
            server.close(() => resolve(port));
        });
    });
}
