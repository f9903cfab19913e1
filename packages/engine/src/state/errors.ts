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
