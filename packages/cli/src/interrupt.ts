/** Ctrl-C: once finishes what runs and saves, twice stops at once. */
import { setMaxListeners } from "node:events";

/** How long the engine may take to stop at once before the process ends without it. */
const LAST_RESORT_MS = 5000;

interface Interrupts {
    /** First signal: start nothing more, finish what runs, save. */
    readonly signal: AbortSignal;
    /** Second signal: stop at once. */
    readonly terminate: AbortSignal;
    /** Stops listening. */
    dispose(): void;
}

interface SignalSource {
    on(signal: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
    off(signal: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * @param say tells the user what goes on
 * @param exit ends the process when the engine does not, five seconds after the second signal or at the third
 */
export function onInterrupt(
    say: (text: string) => void,
    exit: () => void,
    source: SignalSource = process,
    lastResortMs = LAST_RESORT_MS,
): Interrupts {
    const first = new AbortController();
    const second = new AbortController();
    // Every running step listens, and there may be hundreds.
    setMaxListeners(0, first.signal, second.signal);
    let timer: NodeJS.Timeout | undefined;
    const listener = (): void => {
        if (!first.signal.aborted) {
            say("Stopping: running steps are finished and saved. Press Ctrl-C again to stop at once.");
            first.abort();
        } else if (!second.signal.aborted) {
            say("Stopping at once. The next run finds out what the interrupted steps left.");
            second.abort();
            timer = setTimeout(exit, lastResortMs);
            timer.unref();
        } else exit();
    };
    for (const signal of SIGNALS) source.on(signal, listener);
    return {
        signal: first.signal,
        terminate: second.signal,
        dispose() {
            clearTimeout(timer);
            for (const signal of SIGNALS) source.off(signal, listener);
        },
    };
}
