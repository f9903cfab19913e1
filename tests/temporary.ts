/** Directories that a test file makes; `setup.ts` removes them at its end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];

/** @param name What its name begins with, for whoever finds one that a killed run left. */
export function temporary(name: string): string {
    const directory = mkdtempSync(join(tmpdir(), `groundwork-${name}-`));
    made.push(directory);
    return directory;
}

export function removeTemporary(): void {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
}
