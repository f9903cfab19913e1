/** Every file of a directory that holds something to judge. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { fromYaml } from "./yaml";
import type { Found } from "./yaml";

/** How files are read, by their names. */
const READERS: readonly { reads: RegExp; read: (text: string, file: string) => Found }[] = [
    { reads: /\.(ya?ml|json)$/i, read: fromYaml },
];

/** Nobody's manifests. */
const PASSED_OVER = /^(\..+|node_modules)$/;

/** @param path of a file or a directory; files are named as they are found from it @throws Error when there is none */
export function fromPath(path: string): Found & { files: number } {
    const found = { resources: [], unreadable: [], files: 0 } as Found & { files: number };
    const files = statSync(path).isDirectory() ? filesIn(path) : [path];
    for (const file of files) {
        for (const { read } of READERS.filter(({ reads }) => reads.test(file))) {
            const { resources, unreadable } = read(readFileSync(file, "utf8"), file);
            found.files += 1;
            found.resources.push(...resources);
            found.unreadable.push(...unreadable);
        }
    }
    return found;
}

/** In the order of their names. Links are not followed: they may lead round in circles, or out. */
function filesIn(directory: string): string[] {
    const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    return entries.flatMap((entry) => {
        const path = join(directory, entry.name);
        if (PASSED_OVER.test(entry.name)) return [];
        if (entry.isDirectory()) return filesIn(path);
        return entry.isFile() ? [path] : [];
    });
}
