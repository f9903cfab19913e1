/** JSON logs in the forms of the systems' documents. */
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

import { type Logger, type LoggerOptions, pino } from "pino";

export type { Logger };

/**
 * `context`: `{timestamp, level, message, context: {…}}`.
 * `metadata`: `{timestamp, level, message, context: "<module>", metadata: {…}}`.
 * `flat`: `{level, timestamp, module, message, …}`.
 */
export type LogFormat = "context" | "metadata" | "flat";

export interface LogOptions {
    format: LogFormat;
    level: string;
    /** Values that are replaced wherever they would be written. */
    secrets: string[];
    /** A file that gets every line as text, beside standard output: what runbooks search with grep. */
    file?: string;
    /** A directory for app.log, error.log, access.log and audit.log. */
    directory?: string;
}

/** Shorter values are words that logs are full of, not secrets. */
const SHORTEST_SECRET = 6;

/** A logger on standard output, and on the document's files. `module` is the part of the program that speaks. */
export function createLogger(options: LogOptions, output: (line: string) => void = writeOut): Logger {
    const sinks: ((line: string) => void)[] = [output];
    if (options.file !== undefined) {
        const append = appendTo(options.file);
        sinks.push((line) => append(toText(line)));
    }
    if (options.directory !== undefined) sinks.push(...directorySinks(options.directory));
    // As they are, and as JSON writes them.
    const forms = options.secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
    const secrets = [...new Set(forms)].filter((secret) => secret.length >= SHORTEST_SECRET);
    // The longest first: a password inside of a connection string must not leave the rest of the string behind.
    secrets.sort((a, b) => b.length - a.length);
    const nestedKey = { context: "context", metadata: "metadata", flat: undefined }[options.format];
    const settings: LoggerOptions = {
        level: options.level,
        base: null,
        messageKey: "message",
        errorKey: "error",
        timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
        ...(nestedKey !== undefined && { nestedKey }),
    };
    return pino(settings, {
        write(line: string) {
            let text = line;
            for (const secret of secrets) text = text.replaceAll(secret, "[secret]");
            for (const sink of sinks) sink(text);
        },
    });
}

/** A logger for one part of the program, named the way that the format does. */
export function forModule(logger: Logger, format: LogFormat, name: string): Logger {
    if (format === "flat") return logger.child({ module: name });
    return format === "metadata" ? logger.child({ context: name }) : logger;
}

function writeOut(line: string): void {
    process.stdout.write(line);
}

/** Opens the file at once, so that a directory that cannot be written stops the start and not the first request. */
function appendTo(path: string): (line: string) => void {
    const handle = openSync(path, "a", 0o640);
    process.once("exit", () => closeSync(handle));
    return (line) => void writeSync(handle, line);
}

/** `<timestamp> ERROR [module] message key=value … duration=12`. */
function toText(line: string): string {
    const { timestamp, level, module, message, duration, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const facts = Object.entries({ ...rest, ...(duration !== undefined && { duration }) });
    const pairs = facts.map(([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
    return `${String(timestamp)} ${String(level).toUpperCase()} [${String(module)}] ${String(message)}${pairs.join("")}\n`;
}

/** Access and audit lines have files of their own; what is left is the application's, and errors are in both. */
function directorySinks(directory: string): ((line: string) => void)[] {
    const [app, error, access, audit] = ["app", "error", "access", "audit"].map((name) =>
        appendTo(join(directory, `${name}.log`)),
    );
    return [
        (line) => {
            const { level, module } = JSON.parse(line) as { level: string; module?: string };
            (module === "access" ? access : module === "audit" ? audit : app)!(line);
            if (level === "error") error!(line);
        },
    ];
}
