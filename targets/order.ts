/** One order of everything that a target writes, so that equal settings give equal resources on every machine. */
import { posix } from "node:path";

import type { FileSpec } from "../components/spec";

/** The order of texts by code unit, which depends on no machine's locale. */
export function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

/** A map's entries by their keys. */
export function sorted<T>(record: Record<string, T>): [string, T][] {
    return Object.entries(record).sort(([a], [b]) => compare(a, b));
}

/** Files by the directory that they are in. */
export function byDirectory(files: FileSpec[]): [string, FileSpec[]][] {
    const directories = new Map<string, FileSpec[]>();
    for (const file of files.slice().sort((a, b) => compare(a.path, b.path))) {
        const directory = posix.dirname(file.path);
        directories.set(directory, [...(directories.get(directory) ?? []), file]);
    }
    return [...directories].sort(([a], [b]) => compare(a, b));
}
