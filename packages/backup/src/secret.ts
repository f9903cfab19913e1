/** Secrets come as mounted files. */
import { readFileSync } from "node:fs";

import { BackupError, EXIT } from "./errors";

/** @throws BackupError when the file cannot be read */
export function secretOf(file: string): string {
    try {
        return readFileSync(file, "utf8").replace(/\r?\n$/, "");
    } catch (error) {
        throw new BackupError(`the secret ${file} cannot be read: ${(error as Error).message}`, {
            exit: EXIT.configuration,
            remedy: "The Pulumi program mounts it: run `gw up`.",
        });
    }
}
