/** Every file of a directory that holds something to judge. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { fromCompose } from "./compose";
import { fromDockerfile } from "./dockerfile";
import { type Found, fromYaml } from "./yaml";

interface Reader {
    readonly named: RegExp;
    /** What its text has. */
    readonly holds?: readonly RegExp[];
    /** @param over a file that is laid over it @returns with those that are judged as a part of it */
    read(text: string, file: string, over?: string): Found & { included?: string[] };
}

/** How files are read: by the first of these that knows one. */
const READERS: readonly Reader[] = [
    { named: /(?:^|[/.])(?:Docker|Container)file(?:\.(?!dockerignore$|md$)[\w.-]+)?$/i, read: fromDockerfile },
    // A chart's values may have services too, of another kind.
    {
        named: /\.ya?ml$/i,
        holds: [
            /^\uFEFF?(?:\{\s*)?["']?services["']?[ \t]*:/m,
            /(?:^[ \t]+|[{,][ \t]*)["']?(?:image|build|extends)["']?[ \t]*:/m,
        ],
        read: readCompose,
    },
    // It may do no more than include others.
    {
        named: /(?:^|[/\\])(?:docker-)?compose[^/\\]*\.ya?ml$/i,
        holds: [/^\uFEFF?["']?include["']?[ \t]*:/m],
        read: readCompose,
    },
    { named: /\.(ya?ml|json)$/i, read: fromYaml },
];

function readCompose(text: string, file: string, over?: string) {
    return fromCompose(text, file, textOf, over);
}

/** What Compose takes where it is told of no file, the first that there is, and what it lays over that. */
const COMPOSE = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVER = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/** Nobody's manifests. */
const PASSED_OVER = /^(\..+|node_modules)$/;

/** @param path of a file or a directory; files are named as they are found from it @throws Error when there is none */
export function fromPath(path: string): Found & { files: number } {
    const found = { resources: [], unreadable: [], files: 0 } as Found & { files: number };
    const files = statSync(path).isDirectory() ? filesIn(path) : [path];
    const overs = oversOf(files);
    const laid = new Set(overs.values());
    const read = new Map<string, Found & { files: number }>();
    const parts = new Set<string>();
    for (const file of files) {
        if (laid.has(file)) continue;
        const readers = READERS.filter(({ named }) => named.test(file));
        if (readers.length === 0) continue;
        const text = readFileSync(file, "utf8");
        const over = overs.get(file);
        const all = over === undefined ? text : `${text}\n${readFileSync(over, "utf8")}`;
        const reader = readers.find(({ holds = [] }) => holds.every((pattern) => pattern.test(all)));
        if (!reader) continue;
        const { included = [], ...of } = reader.read(text, file, over);
        // Of two that include each other one is judged.
        if (!parts.has(file)) included.forEach((part) => parts.add(part));
        read.set(file, { ...of, files: over === undefined ? 1 : 2 });
    }
    for (const [file, { resources, unreadable, files: number }] of read) {
        found.files += number;
        // What another includes is judged as a part of that.
        if (parts.has(file)) continue;
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

/** By the file that Compose takes in a directory, the one that it lays over it. */
function oversOf(files: readonly string[]): Map<string, string> {
    const there = new Set(files);
    const overs = new Map<string, string>();
    for (const directory of new Set(files.map(dirname))) {
        const first = (names: readonly string[]) =>
            names.map((name) => join(directory, name)).find((file) => there.has(file));
        const [file, over] = [first(COMPOSE), first(OVER)];
        if (file !== undefined && over !== undefined) overs.set(file, over);
    }
    return overs;
}

/** Undefined: there is no such file. */
function textOf(path: string): string | undefined {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, "utf8") : undefined;
}
