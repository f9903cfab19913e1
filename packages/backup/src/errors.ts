/** Failures that people read: what is wrong, and what to do. Anything else that is thrown is a bug, and says so with its stack. */

/** Exit codes; none but 0 may be taken for a backup. */
export const EXIT = {
    done: 0,
    bug: 1,
    configuration: 2,
    /** Another run holds the store. */
    busy: 3,
    /** The store could not be read, or a restore into it failed. */
    store: 4,
    /** The repository could not be reached, opened or written. */
    repository: 5,
    /** What was read back is not what was written. */
    verification: 6,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export class BackupError extends Error {
    readonly exit: ExitCode;
    readonly remedy: string;

    constructor(message: string, options: { exit: ExitCode; remedy: string; cause?: unknown }) {
        super(message, { cause: options.cause });
        this.name = "BackupError";
        this.exit = options.exit;
        this.remedy = options.remedy;
    }
}
