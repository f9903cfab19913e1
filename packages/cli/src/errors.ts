/** How `gw` ends, and the errors that decide it. */

/** Exit codes: the same for every command and both engines. */
export const EXIT = { done: 0, failed: 1, usage: 2, policy: 3, locked: 4 } as const;
type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Wrong usage or configuration: nothing was touched. Ends with exit code 2. */
export class UsageError extends Error {
    constructor(
        message: string,
        /** What to do about it, on a line of its own. */
        readonly hint?: string,
    ) {
        super(message);
        this.name = "UsageError";
    }
}

/** The command was understood and did not succeed. Ends with exit code 1. */
export class FailedError extends Error {
    constructor(
        message: string,
        readonly hint?: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
        this.name = "FailedError";
    }
}

/**
 * The exit code for what was thrown. Goes by `name`, so that a command that never loads the engine or the config schema does not load
 * them to tell their errors apart.
 */
export function exitCodeOf(error: unknown): ExitCode {
    if (!(error instanceof Error)) return EXIT.failed;
    switch (error.name) {
        case "UsageError":
        case "ConfigError":
        case "DeploymentError":
            return EXIT.usage;
        case "PolicyError":
            return EXIT.policy;
        case "LockedError":
            return EXIT.locked;
        default:
            return EXIT.failed;
    }
}

/** Errors written for people: their message is complete without a stack trace. */
const FOR_PEOPLE = new Set([
    "UsageError",
    "FailedError",
    "ConfigError",
    "PolicyError",
    "LockedError",
    "CancelledError",
    "ProgramError",
    "StepsFailedError",
    "StateError",
    "DeploymentError",
    "PassphraseError",
]);

/** What to do about what the operating system refuses, by Node's code of it. */
const SYSTEM_REMEDIES: Record<string, string> = {
    EACCES: "Give this user the right to it, or run as one who has it.",
    EPERM: "Give this user the right to it, or run as one who has it.",
    EROFS: "Its file system is read-only: make it writable, or name another place.",
    ENOSPC: "The disk is full: make room on it, and run the same command again.",
    EDQUOT: "The quota of the disk is used up: make room, and run the same command again.",
    EFBIG: "The limit on the size of files is reached: raise it (ulimit -f).",
    EMFILE: "The limit on open files is reached: raise it (ulimit -n).",
    ENFILE: "The machine has too many open files: end something that holds them.",
    EISDIR: "That is a directory: name a file.",
    ENOTDIR: "Something above it is no directory: name another place.",
    ENOENT: "Make it, or name one that is there.",
    EIO: "The disk fails: see the kernel's log (dmesg).",
};

/** Undefined: it is not the operating system that refused something. */
export function systemRemedy(error: unknown): string | undefined {
    const { code, syscall } = error as NodeJS.ErrnoException;
    return error instanceof Error && syscall !== undefined ? SYSTEM_REMEDIES[code ?? ""] : undefined;
}

/** The lines that tell of an error; with `verbose`, its stack trace and causes too. */
export function describeError(error: unknown, verbose: boolean): string[] {
    if (!(error instanceof Error)) return [String(error)];
    const lines = error.message.split("\n");
    const hint = (error as { hint?: unknown }).hint;
    if (typeof hint === "string") lines.push(...hint.split("\n"));
    if (verbose && error.stack !== undefined) {
        lines.push("", ...error.stack.split("\n"));
        if (error.cause !== undefined) lines.push("Caused by:", ...describeError(error.cause, true));
    } else if (!FOR_PEOPLE.has(error.name)) {
        if (error.name !== "Error") lines[0] = `${error.name}: ${lines[0]}`;
        lines.push(systemRemedy(error) ?? "Run again with --verbose for the stack trace.");
    }
    return lines;
}
