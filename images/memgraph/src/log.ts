import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** From the most talkative to the quietest, as in `--log-level`. */
export const LEVELS = ["TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
export type Level = (typeof LEVELS)[number];

export interface Log {
    debug(message: string): void;
    info(message: string): void;
    warning(message: string): void;
    error(message: string): void;
}

/** Logs to a file, and to standard error if `stderr`. Lines have the form of Memgraph's. */
export function createLog(options: { level: Level; file?: string; stderr: boolean }): Log {
    if (options.file !== undefined) mkdirSync(dirname(options.file), { recursive: true });
    const write = (level: Level, message: string) => {
        if (LEVELS.indexOf(level) < LEVELS.indexOf(options.level)) return;
        const time = new Date().toISOString().replace("T", " ").replace("Z", "");
        const line = `[${time}] [memgraph_log] [${level.toLowerCase()}] ${message}\n`;
        if (options.stderr) process.stderr.write(line);
        if (options.file !== undefined) appendFileSync(options.file, line, { mode: 0o640 });
    };
    return {
        debug: (message) => write("DEBUG", message),
        info: (message) => write("INFO", message),
        warning: (message) => write("WARNING", message),
        error: (message) => write("ERROR", message),
    };
}
