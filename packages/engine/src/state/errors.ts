/** What can be wrong with a stack's state. Written for people: each says what to do. */

/** The passphrase is not the one that the secrets were encrypted with. */
export class PassphraseError extends Error {
    constructor(
        /** What to do, where more is known than the engine knows. */
        public hint = "Set PULUMI_CONFIG_PASSPHRASE to the one it was made with.",
    ) {
        super("The passphrase does not open the secrets of this stack.");
        this.name = "PassphraseError";
    }
}

/** A file of the state cannot be read as what it is, or cannot be written. */
export class StateError extends Error {
    constructor(
        message: string,
        readonly hint: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
        this.name = "StateError";
    }
}

/** What was given as a deployment is none that this engine reads. */
export class DeploymentError extends Error {
    constructor(
        message: string,
        readonly hint?: string,
    ) {
        super(message);
        this.name = "DeploymentError";
    }
}

export function undecryptable(urn: string, path: string, cause: unknown): StateError {
    return new StateError(
        `A secret of ${urn} in the state cannot be decrypted: it was changed, or belongs to another state.`,
        `${path}.bak is the state before this one.`,
        { cause },
    );
}

/** A journal goes on from one state and no other. */
export function changedElsewhere(path: string, journal: string): StateError {
    return new StateError(
        `${path} was changed by something else while ${journal} holds the rest of an interrupted run.`,
        `Put the state file back as it was (${path}.bak is the one before), or go on without the journal:\n` +
            `  mv ${journal} ${journal}.aside`,
    );
}

/** What a file system says when it will not be written, rather than that this program is wrong. */
const UNWRITABLE = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "EFBIG", "ENOTDIR"]);

function isUnwritable(error: unknown): error is NodeJS.ErrnoException {
    return error instanceof Error && UNWRITABLE.has((error as NodeJS.ErrnoException).code ?? "");
}

/** A file system's refusal to be written as an error that says what to do; any other error as it is. */
export function unwritable(path: string, error: unknown): Error {
    if (!isUnwritable(error)) return error as Error;
    return new StateError(
        `The state cannot be written: ${error.message} (${path}).`,
        "Make room there, or make it writable, and run the same command again: what was begun before is on record, and looked after first.",
        { cause: error },
    );
}

/** @throws StateError when the file system will not be written */
export function writing<T>(path: string, write: () => T): T {
    try {
        return write();
    } catch (error) {
        throw unwritable(path, error);
    }
}
