/** The cluster's processes: each with a pid file and a log, outliving who started them, and ended by nothing but their pid file. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { waitFor } from "../../support/wait";
import { PATHS } from "./layout";
import { lastLines } from "./shell";

export interface Component {
    name: string;
    command: string;
    args: string[];
    env?: NodeJS.ProcessEnv;
}

/**
 * All of them are Go programs, with far more memory than they need: an API server else spends a fifth of its time on collecting garbage.
 */
const SELDOM_COLLECTED = { GOGC: "400" };

/** Starts a component, and forgets the log of its run before. */
export function start({ name, command, args, env }: Component): void {
    mkdirSync(PATHS.logs, { recursive: true });
    mkdirSync(PATHS.pids, { recursive: true });
    const log = openSync(logFile(name), "w");
    const child = spawn(command, args, {
        detached: true,
        stdio: ["ignore", log, log],
        env: { ...process.env, ...SELDOM_COLLECTED, ...env },
    });
    closeSync(log);
    // Without a listener a program that is not there would end this process; `dead` finds it missing.
    child.on("error", (error) => writeFileSync(logFile(name), `${command}: ${error.message}\n`));
    if (child.pid === undefined) return;
    writeFileSync(pidFile(name), `${child.pid} ${startTime(child.pid) ?? ""}\n`);
    child.unref();
}

/** Names of the components that have a pid file. */
export function started(): string[] {
    if (!existsSync(PATHS.pids)) return [];
    return readdirSync(PATHS.pids).map((file) => basename(file, ".pid"));
}

/** Its process id; undefined when it does not run. A pid that another process has by now does not count. */
export function pidOf(name: string): number | undefined {
    if (!existsSync(pidFile(name))) return undefined;
    const [pid, time] = readFileSync(pidFile(name), "utf8").trim().split(" ");
    return time !== undefined && startTime(Number(pid)) === time ? Number(pid) : undefined;
}

/** Throws with the end of its log when it does not run any more. */
export function ensureRuns(name: string): void {
    if (pidOf(name) === undefined) throw new Error(`${name} ended:\n${tail(name)}`);
}

/** Ends a component: asks it to, and after half a minute does not ask any more. */
export async function stop(name: string): Promise<void> {
    const pid = pidOf(name);
    if (pid !== undefined) {
        signal(pid, "SIGTERM");
        const gone = (): boolean => pidOf(name) === undefined;
        await waitFor(gone, { what: `the end of ${name}`, seconds: 30 }).catch(async () => {
            signal(pid, "SIGKILL");
            await waitFor(gone, { what: `the end of ${name} (${pid}) after SIGKILL`, seconds: 300 });
        });
    }
    rmSync(pidFile(name), { force: true });
}

/** The end of a component's log. */
export function tail(name: string, lines = 20): string {
    if (!existsSync(logFile(name))) return `(${name} has no log)`;
    return `${logFile(name)}:\n${lastLines(readFileSync(logFile(name), "utf8"), lines)}`;
}

/** Bytes of memory that a component holds; undefined when it does not run. */
export function residentBytes(name: string): number | undefined {
    const pid = pidOf(name);
    if (pid === undefined) return undefined;
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
}

function signal(pid: number, name: NodeJS.Signals): void {
    try {
        process.kill(pid, name);
    } catch (error) {
        // It ended in between.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}

/** In clock ticks since boot: with the pid it names one process. Undefined when there is none, or only its exit code is left. */
function startTime(pid: number): string | undefined {
    let stat: string;
    try {
        stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    } catch (error) {
        if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
        throw error;
    }
    // The second field is the program's name in parentheses, which may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
}

function pidFile(name: string): string {
    return join(PATHS.pids, `${name}.pid`);
}

function logFile(name: string): string {
    return join(PATHS.logs, `${name}.log`);
}
