/** How `gw` has the toolbox of the backups do something on a stack: in a container or a pod of its own, made from the stack's. */
import { FailedError, UsageError } from "../errors";
import { stackFlag } from "../words";

/** A store that the stack backs up. */
export interface BackedUpStore {
    name: string;
    /** `postgres`, `redis`, `sqlite`, `memgraph` or `files`. */
    driver: string;
    /** Services that have its data mounted. */
    users: string[];
}

/**
 * `prepare`: the data beside the live one, or in its place where that can be done while it runs. `clear`: what earlier restores have set
 * aside.
 */
export type Step = "prepare" | "swap" | "undo" | "clear";

/**
 * One step of a restore. It is on the engine from before it is begun until it is forgotten, so that whoever comes after an interruption
 * finds what was under way.
 */
export interface Task {
    /** Name of the restore; the toolbox keeps it too. */
    run: string;
    step: Step;
    store: string;
    /** Arguments of `backup`. */
    args: string[];
    /** What is prepared waits to be swapped in. */
    swaps: boolean;
    /** Services that are stopped while it runs, or for `prepare`: while the swap after it does. */
    stops: string[];
}

/** What a run of the toolbox came to. */
export interface Outcome {
    exitCode: number;
    /** What it answered, without its log. */
    lines: string[];
    /** Why it failed, as its log says. */
    error?: { message: string; remedy?: string };
}

export type OnLog = (entry: LogEntry) => void;

export interface LogEntry {
    message: string;
    /** As pino counts: 30 info, 40 warn, 50 error. */
    level: number;
    remedy?: string;
}

export interface Toolbox {
    /** @throws FailedError when the stack backs nothing up, or is not there */
    stores(): Promise<BackedUpStore[]>;
    /** Runs one command of it to its end, and leaves nothing. @param store that it is about; default: all */
    ask(args: string[], store?: string): Promise<Outcome>;
    /** Steps that somebody began and nobody has forgotten. */
    begun(): Promise<Task[]>;
    /** Puts it on the engine, and does not start it. */
    begin(task: Task): Promise<void>;
    /** Starts it where it is not, again where it failed, and waits for its end. */
    finish(task: Task, onLog: OnLog): Promise<Outcome>;
    /** Ends it where it runs, and removes it. */
    forget(task: Task): Promise<void>;
    stop(services: string[]): Promise<void>;
    /** As they were before `stop`. Does not wait until they are well. */
    start(services: string[]): Promise<void>;
}

/** @throws UsageError when the stack has no backups of it */
export async function storeCalled(name: string, toolbox: Toolbox): Promise<BackedUpStore> {
    const stores = await toolbox.stores();
    const store = stores.find((one) => one.name === name);
    if (store) return store;
    const known = stores.map((one) => one.name).sort();
    throw new UsageError(`This stack has no backups of a store "${name}".`, `It backs up ${known.join(", ")}.`);
}

export function noBackups(stack: string): FailedError {
    const flag = stackFlag({ stack: { name: stack } });
    return new FailedError(
        `Stack ${stack} backs nothing up, or is not there.`,
        `gw config set${flag} backup.enabled true, and gw up${flag}.`,
    );
}
