/** Files that `gw` writes for people and for itself: whole or not at all. */
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { FailedError, systemRemedy, UsageError } from "./errors";

interface WriteOptions {
    /** Default: that of the file that is there, else what the process's umask leaves of 0666. */
    mode?: number;
    /** Text that it must still have. @throws FailedError when something else has changed it since */
    before?: string;
}

/**
 * Writes a file beside the real one and puts it in its place: who reads it meanwhile sees it as it was, and a full disk leaves it so. A
 * device or a pipe is written as it is.
 * @throws FailedError naming the file when it cannot be written
 */
export function writeWhole(file: string, text: string, { mode, before }: WriteOptions = {}): void {
    writing(file, () => {
        const found = statSync(file, { throwIfNoEntry: false });
        if (found && !found.isFile()) return writeFileSync(file, text);
        const path = found ? realpathSync(file) : file;
        const draft = `${path}.${process.pid}.new`;
        try {
            writeFileSync(draft, text, { mode, flag: "wx" });
            if (found && mode === undefined) chmodSync(draft, found.mode & 0o777);
            if (before !== undefined && readFileSync(path, "utf8") !== before)
                throw new FailedError(
                    `${file} was changed by something else meanwhile, so it was left as it is.`,
                    "Run the same command again.",
                );
            renameSync(draft, path);
        } finally {
            rmSync(draft, { force: true });
        }
    });
}

/**
 * For a file that is written at the end of something that takes long.
 * @throws UsageError naming the option when there is no directory for it
 */
export function expectDirectoryOf(file: string, option: string): void {
    const directory = dirname(resolve(file));
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
    throw new UsageError(`${option}: there is no directory ${directory}.`, "Make it, or name another file.");
}

/** Makes a directory, and what is above it. @throws FailedError naming it when it cannot be made */
export function makeDirectory(path: string, mode?: number): void {
    writing(path, () => mkdirSync(path, { recursive: true, mode }));
}

/** @throws FailedError naming what could not be written, where the system refuses it */
export function writing<T>(path: string, write: () => T): T {
    try {
        return write();
    } catch (error) {
        const remedy = systemRemedy(error);
        if (remedy === undefined) throw error;
        throw new FailedError(`${path} cannot be written: ${(error as Error).message}`, remedy, { cause: error });
    }
}
