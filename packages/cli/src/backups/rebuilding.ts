/** What is known of a rebuild that is under way, so that the same command goes on with it: it is beside the state that it makes anew. */
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { makeDirectory, writeWhole } from "../files";
import type { Project } from "../project";

export interface Rebuilding {
    /** ISO 8601. The backups that were begun before are of the stack that is gone; later ones are of the one in its place. */
    before: string;
    /** Stores that are to come back, in their order. */
    stores: string[];
    /** The kind of Postgres' backups that is wanted. */
    method?: string;
    /** Those of them that are back, with how long each took. */
    done: Record<string, number>;
}

function pathOf({ dataDir }: Project, stack: string): string {
    return join(dataDir, "rebuild", `${stack}.json`);
}

export function readRebuilding(project: Project, stack: string): Rebuilding | undefined {
    try {
        return JSON.parse(readFileSync(pathOf(project, stack), "utf8")) as Rebuilding;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}

export function writeRebuilding(project: Project, stack: string, rebuilding: Rebuilding): void {
    const path = pathOf(project, stack);
    makeDirectory(dirname(path), 0o700);
    writeWhole(path, `${JSON.stringify(rebuilding, null, 4)}\n`);
}

export function forgetRebuilding(project: Project, stack: string): void {
    rmSync(pathOf(project, stack), { force: true });
}
