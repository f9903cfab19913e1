/** A run of an engine in front of a user: progress, Ctrl-C, and what to say when it fails. */
import type { Run } from "../engines/engine";
import { EXIT } from "../errors";
import { onInterrupt } from "../interrupt";
import type { Output } from "../ui/output";
import type { Reporter } from "../ui/reporter";
import { createReporter, showWaiting } from "../ui/reporter";

export interface Watched<T> {
    result: T;
    reporter: Reporter;
}

/** Runs `action` with progress shown; the live part is gone when it ends, however it ends. */
export async function watched<T>(
    output: Output,
    action: (run: Run) => Promise<T>,
    options: { total?: number } = {},
): Promise<Watched<T>> {
    const reporter = createReporter(output, options);
    const interrupts = onInterrupt(
        (text) => reporter.note(text),
        () => {
            reporter.stop();
            output.note("Stopped at once.");
            process.exit(EXIT.failed);
        },
    );
    try {
        const { signal, terminate } = interrupts;
        const result = await action({ onEvent: (event) => reporter.onEvent(event), signal, terminate });
        return { result, reporter };
    } finally {
        reporter.stop();
        interrupts.dispose();
    }
}

/** Runs `action` with Ctrl-C, and on a terminal one line that says what is waited for. */
export async function quietly<T>(output: Output, action: (run: Run) => Promise<T>, doing?: string): Promise<T> {
    const wait = doing === undefined ? undefined : showWaiting(output, doing);
    const interrupts = onInterrupt(
        (text) => output.note(text),
        () => process.exit(EXIT.failed),
    );
    try {
        return await action({ signal: interrupts.signal, terminate: interrupts.terminate });
    } finally {
        wait?.();
        interrupts.dispose();
    }
}
