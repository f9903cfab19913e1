/**
 * Files that a Compose file includes: `include`. Those of this machine are read as a part of it; of others it is said that they were not.
 */
import { normalize } from "node:path/posix";

import { isRaw } from "../core/raw";
import { isUnknown } from "../core/unknown";
import type { ComposeFile } from "./compose-file";
import { beside } from "./compose-layers";
import type { Unreadable } from "./yaml";

/** What keeps a file from being read as a part. */
type Problem = (message: string, at: string) => void;

/** A file of a registry or a repository: `oci://…`, `https://…`, `git@host:…`, `github.com/owner/name`. */
const REMOTE = /^(?:[a-z][\w+.-]*:\/\/|[\w.-]+@[\w.-]+:|(?:github|gitlab|bitbucket)\.(?:com|org)\/)/;

interface Included {
    /** Those that are included by others first. */
    readonly files: readonly ComposeFile[];
    readonly unreadable: readonly Unreadable[];
}

/** @param open the file of a path; undefined: there is none, or none that is Compose's */
export function includedBy(main: ComposeFile, open: (path: string) => ComposeFile | undefined): Included {
    const files: ComposeFile[] = [];
    const unreadable: Unreadable[] = [];
    const visit = (file: ComposeFile, above: readonly string[]): void => {
        const problem: Problem = (message, at) => unreadable.push({ ...file.place.of(at), message });
        for (const { path, at } of pathsIn(file, problem)) {
            const from = normalize(beside(file.file, path));
            if (above.includes(from)) {
                problem(`it includes ${path}, which includes it`, at);
                continue;
            }
            const other = open(from);
            if (!other) {
                problem(`it includes ${path}, which is not there or is no Compose file: it was not followed`, at);
                continue;
            }
            if (files.includes(other)) continue;
            visit(other, [...above, from]);
            files.push(other);
        }
    };
    visit(main, [normalize(main.file)]);
    return { files, unreadable };
}

/** Each is a path, or a map with one or several, which are laid over each other in their order. */
function* pathsIn({ content }: ComposeFile, problem: Problem): Generator<{ path: string; at: string }> {
    const include = content["include"] ?? [];
    if (!Array.isArray(include)) return problem("include must be a list: it was not followed", "include");
    for (const [n, item] of (include as unknown[]).entries()) {
        const at = `include[${n}]`;
        const said = isRaw(item) ? item["path"] : item;
        for (const path of [said].flat() as unknown[]) {
            if (isUnknown(path)) problem("which file it includes is said by a variable: it was not followed", at);
            else if (typeof path !== "string" || path === "")
                problem("what it includes is no path: it was not followed", at);
            else if (REMOTE.test(path))
                problem(`it includes ${path}, which is not on this machine: it was not followed`, at);
            else yield { path, at };
        }
    }
}
