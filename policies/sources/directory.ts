/** Every file of a directory that holds something to judge. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { fromCompose } from "./compose";
import { fromDockerfile } from "./dockerfile";
import { fromYaml } from "./yaml";
import type { Found } from "./yaml";

interface Reader {
    readonly named: RegExp;
    /** What its text has. */
    readonly holds?: readonly RegExp[];
    read(text: string, file: string): Found;
}

/** How files are read: by the first of these that knows one. */
const READERS: readonly Reader[] = [
    { named: /(?:^|[/.])(?:Docker|Container)file(?:\.(?!dockerignore$|md$)[\w.-]+)?$/i, read: fromDockerfile },
    // A chart's values may have services too, of another kind.
    {
        named: /\.ya?ml$/i,
        holds: [/^services[ \t]*:/m, /^[ \t]+(?:image|build|extends)[ \t]*:/m],
        read: (text, file) =>
            fromCompose(text, file, (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined)),
    },
    { named: /\.(ya?ml|json)$/i, read: fromYaml },
];

/** Nobody's manifests. */
const PASSED_OVER = /^(\..+|node_modules)$/;

/** @param path of a file or a directory; files are named as they are found from it @throws Error when there is none */
export function fromPath(path: string): Found & { files: number } {
    const found = { resources: [], unreadable: [], files: 0 } as Found & { files: number };
    const files = statSync(path).isDirectory() ? filesIn(path) : [path];
    for (const file of files) {
        const readers = READERS.filter(({ named }) => named.test(file));
        if (readers.length === 0) continue;
        const text = readFileSync(file, "utf8");
        const reader = readers.find(({ holds = [] }) => holds.every((pattern) => pattern.test(text)));
        if (!reader) continue;
        const { resources, unreadable } = reader.read(text, file);
        found.files += 1;
        found.resources.push(...resources);
        found.unreadable.push(...unreadable);
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
