/** Starts the unmodified program with `@pulumi/pulumi/cmd/run`, from the SDK that the program itself uses. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

import type { EngineOptions } from "./api";
import type { Project } from "./project";

export interface Program {
    /** Resolves when the process has ended and all of its output was read. */
    exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
    kill(): void;
}

export interface ProgramArgs {
    project: Project;
    options: EngineOptions;
    dryRun: boolean;
    parallel: number;
    /** gRPC address of monitor and engine. */
    address: string;
    onOutput: OnOutput;
}

/** For processes that live for seconds: with more room for what is new, far less of it is copied. */
export const NODE_ARGS = ["--max-semi-space-size=32"];

export function startProgram({ project, options, dryRun, parallel, address, onOutput }: ProgramArgs): Program {
    const run = resolveFrom(project.programDir, "@pulumi/pulumi/cmd/run/index.js");
    const child = spawn(
        process.execPath,
        [
            ...NODE_ARGS,
            ...project.nodeArgs,
            ...(options.bundle === undefined ? loaderArgs(project) : ["--enable-source-maps"]),
            "--require",
            PRELOAD,
            run,
            `--monitor=${address}`,
            `--engine=${address}`,
            "--organization=organization",
            `--project=${project.name}`,
            `--stack=${options.stack}`,
            `--root-directory=${project.dir}`,
            `--pwd=${project.programDir}`,
            `--parallel=${parallel}`,
            ...(dryRun ? ["--dry-run"] : []),
            project.entry,
        ],
        { cwd: project.programDir, env: { ...process.env, ...options.env }, stdio: ["ignore", "pipe", "pipe", "pipe"] },
    );
    sendEnvironment(child, programEnvironment(project, options));
    const lines = (["stdout", "stderr"] as const).map((stream) => {
        const reader = createInterface({ input: child[stream]!, crlfDelay: Infinity });
        reader.on("line", (line) => onOutput(line, stream));
        return new Promise((done) => reader.on("close", done));
    });
    const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done, fail) => {
        child.on("error", (error) =>
            fail(new Error(`The program could not be started: ${error.message}`, { cause: error })),
        );
        child.on("close", (code, signal) => void Promise.all(lines).then(() => done({ code, signal })));
    });
    return { exit, kill: () => void child.kill("SIGKILL") };
}

export type OnOutput = (line: string, stream: "stdout" | "stderr") => void;

/** Loaded before anything else in the process: see there. */
export const PRELOAD = join(__dirname, "program-preload.cjs");

/** Asks the {@link PRELOAD} to have the SDK say where each resource was made. */
const POSITIONS = "GROUNDWORK_POSITIONS";

function programEnvironment(project: Project, options: EngineOptions): Record<string, string> {
    const tsconfig: Record<string, string> = project.tsconfig
        ? { PULUMI_NODEJS_TSCONFIG_PATH: project.tsconfig, TSX_TSCONFIG_PATH: project.tsconfig }
        : {};
    const bundle: Record<string, string> =
        options.bundle === undefined ? {} : { GROUNDWORK_PROGRAM_BUNDLE: options.bundle };
    return {
        ...configEnvironment(options),
        ...bundle,
        ...(options.positions === true && { [POSITIONS]: "1" }),
        PULUMI_NODEJS_TYPESCRIPT: "false",
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        ...tsconfig,
    };
}

export function configEnvironment(options: EngineOptions): Record<string, string> {
    const config = Object.fromEntries(Object.entries(options.config).map(([key, { value }]) => [key, value]));
    const secretKeys = Object.keys(options.config).filter((key) => options.config[key]!.secret);
    return { PULUMI_CONFIG: JSON.stringify(config), PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys) };
}

/** Sends variables to the {@link PRELOAD} of a process, as one line. */
export function sendEnvironment(child: ChildProcess, environment: Record<string, string>): void {
    const pipe = child.stdio[3] as NodeJS.WritableStream;
    // A process that dies at once does not read it; its exit says so better than this pipe does.
    pipe.on("error", () => undefined);
    pipe.end(`${JSON.stringify(environment)}\n`);
}

/**
 * Transpiles TypeScript without checking it: tsx with its cache on disk starts faster than the ts-node that the SDK brings. An ES module
 * needs the loader for `import`, which costs a tenth of a second more.
 */
function loaderArgs(project: Project): string[] {
    if (!project.typescript) return [];
    const require = createRequire(__filename);
    return project.esm
        ? ["--import", pathToFileURL(require.resolve("tsx")).href]
        : ["--require", require.resolve("tsx/cjs")];
}

/** Path of a module as a package in `dir` sees it. @throws Error saying what to install */
export function resolveFrom(dir: string, module: string): string {
    try {
        return createRequire(join(dir, "index.js")).resolve(module);
    } catch (error) {
        const hint = existsSync(join(dir, "node_modules"))
            ? "Add @pulumi/pulumi to its dependencies."
            : `Run "npm install" there.`;
        throw new Error(`The program in ${dir} has no ${module.split("/").slice(0, 2).join("/")}. ${hint}`, {
            cause: error,
        });
    }
}
