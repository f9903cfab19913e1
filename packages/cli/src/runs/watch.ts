/** A run of an engine in front of a user: progress, Ctrl-C, and what to say when it fails. */
import type { StepsFailedError } from "@groundwork/engine/api";

import type { Run } from "../engines/engine";
import { EXIT, FailedError } from "../errors";
import { onInterrupt } from "../interrupt";
import type { Output } from "../ui/output";
import { createReporter, type Reporter, showWaiting } from "../ui/reporter";
import { plural, sanitise } from "../ui/text";
import { parseUrn } from "../ui/urn";

interface Watched<T> {
    result: T;
    reporter: Reporter;
}

/** Runs `action` with progress shown; the live part is gone when it ends, however it ends. */
export async function watched<T>(
    output: Output,
    action: (run: Run) => Promise<T>,
    options: {
        /** Steps that there are, where that is known. */
        total?: number;
        /** What to do when steps failed. */
        next?: string;
    } = {},
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
    } catch (error) {
        throw explained(error, options.next ?? "");
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

/** Failed steps by the names that people know, with what to do next. */
function explained(error: unknown, next: string): unknown {
    if (!(error instanceof Error) || error.name !== "StepsFailedError") return error;
    const { failures } = error as StepsFailedError;
    const blocks = failures.map(({ urn, message }) => {
        const { name, shortType } = parseUrn(urn);
        const lines = sanitise(message).trim().split("\n");
        return [`  ${name} (${shortType})`, ...lines.map((line) => `    ${line}`)].join("\n");
    });
    const failed = new FailedError(`${plural(failures.length, "step")} failed.\n${blocks.join("\n")}`, next);
    failed.cause = error;
    return failed;
}
