/** When to start no more steps. */
import { CancelledError, PolicyError, StepsFailedError } from "./api";

/** A step was not started because the run is ending. */
export class HaltedError extends Error {
    constructor() {
        super("The run is ending.");
        this.name = "HaltedError";
    }
}

export class Halt {
    readonly failures: { urn: string; message: string }[] = [];
    /** Mandatory policies that were violated. */
    readonly violations: PolicyError["violations"] = [];
    /** What the run ends with, where that is more than failed steps. */
    error?: Error;
    /** Resolves when no more steps are to be started. */
    readonly halted: Promise<void>;
    private resolve!: () => void;
    private isHalted = false;

    constructor() {
        this.halted = new Promise((resolve) => (this.resolve = resolve));
    }

    get active(): boolean {
        return this.isHalted;
    }

    /** A step failed. */
    fail(urn: string, message: string): void {
        this.failures.push({ urn, message });
        this.stop();
    }

    /** The run ends with this error; the first one counts. */
    abort(error: Error): void {
        this.error ??= error;
        this.stop();
    }

    cancel(): void {
        this.abort(new CancelledError());
    }

    stop(): void {
        this.isHalted = true;
        this.resolve();
    }

    /** @throws HaltedError if no step may be started */
    check(): void {
        if (this.isHalted) throw new HaltedError();
    }

    /** @throws what the run ended with, if it did not end well */
    rethrow(): void {
        if (this.error) throw this.error;
        if (this.violations.length > 0) throw new PolicyError(this.violations);
        if (this.failures.length > 0) throw new StepsFailedError(this.failures);
    }
}
