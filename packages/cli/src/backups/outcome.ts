/** What a run of the toolbox wrote, told apart: its log is lines of JSON, its answer is whatever else there is. */
import { FailedError, UsageError } from "../errors";
import type { LogEntry, OnLog, Outcome } from "./toolbox";

/** Exit codes of `packages/backup`. */
const CONFIGURATION = 2;

/** Collects lines as they come. */
export class Answer {
    private readonly lines: string[] = [];
    private error?: Outcome["error"];

    constructor(private readonly onLog: OnLog = () => undefined) {}

    add(line: string): void {
        const entry = logEntry(line);
        if (entry === undefined) {
            this.lines.push(line);
            return;
        }
        const { message, remedy, level } = entry;
        if (level >= 50) this.error = { message, remedy };
        this.onLog(entry);
    }

    outcome(exitCode: number): Outcome {
        return { exitCode, lines: this.lines, ...(exitCode !== 0 && { error: this.error }) };
    }
}

/** Every line of its log begins with its level. */
function logEntry(line: string): LogEntry | undefined {
    if (!line.startsWith('{"level":')) return undefined;
    const { level, msg, remedy } = JSON.parse(line) as { level: number; msg?: string; remedy?: string };
    return { level, message: msg ?? "", remedy };
}

/** @throws UsageError when the toolbox was asked for what it does not do, FailedError when it failed */
export function expectDone(outcome: Outcome): string[] {
    const { exitCode, lines, error } = outcome;
    if (exitCode === 0) return lines;
    const message = error?.message ?? `the toolbox ended with exit code ${exitCode}: ${lines.slice(-3).join("; ")}`;
    const remedy = error?.remedy === undefined ? undefined : inWordsOfGw(error.remedy);
    throw exitCode === CONFIGURATION ? new UsageError(message, remedy) : new FailedError(message, remedy);
}

/** The answer of a command that writes JSON on one line. */
export function jsonOf<T>(outcome: Outcome): T {
    return JSON.parse(expectDone(outcome).join("")) as T;
}

/** What the toolbox's own commands are called here. */
function inWordsOfGw(text: string): string {
    return text
        .replace(/`?backup list( --json)?`?/g, "gw backups$1")
        .replace(/`?backup restore (\S+ )?--(swap|undo)`?/g, (_all, store: string | undefined, flag: string) =>
            flag === "undo" ? `gw restore ${store ?? "<store> "}--undo` : `gw restore ${store ?? "<store>"}`.trim(),
        )
        .replace(/`?backup restore`?/g, "gw restore");
}
