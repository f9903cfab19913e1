/** One checksum over a folder: of what is on a disk, and of what a snapshot holds. Equal folders have equal ones. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import tar from "tar-stream";

import type { Proof } from "../stores/driver";
import { walk } from "../walk";
import type { Node } from "./messages";

export interface TreeDigest {
    sha256: string;
    entries: number;
    /** Size of its files. */
    bytes: number;
}

/** What of the entries counts. */
export interface Digested {
    owners: boolean;
}

export const WHOLE: Digested = { owners: true };

interface Entry {
    path: string;
    type: "file" | "dir" | "symlink";
    mode: number;
    owner: string;
    size: number;
    /** Checksum of a file, target of a link. */
    content: string;
}

export async function digestOfFolder(directory: string, proof: Proof, what = WHOLE): Promise<TreeDigest> {
    const entries: Entry[] = [];
    for (const name of await walk(directory)) {
        const full = join(directory, name);
        const stat = await lstat(full);
        const common = { path: `/${name}`, mode: stat.mode, owner: `${stat.uid}:${stat.gid}`, size: 0 };
        if (stat.isDirectory()) entries.push({ ...common, type: "dir", content: "" });
        if (stat.isSymbolicLink()) entries.push({ ...common, type: "symlink", content: await readlink(full) });
        if (stat.isFile()) {
            const content = proof === "content" ? await digestOfFile(full) : "";
            entries.push({ ...common, type: "file", size: stat.size, content });
        }
    }
    return digest(entries, what);
}

export async function digestOfFile(path: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
}

/** The digest of a snapshot's listing, without its files' content. */
export function digestOfNodes(nodes: Node[], what = WHOLE): TreeDigest {
    return digest(
        nodes.flatMap(({ path, type, mode, uid, gid, size, linktarget }) =>
            type === "file" || type === "dir" || type === "symlink"
                ? [
                      {
                          path,
                          type,
                          mode,
                          owner: `${uid}:${gid}`,
                          size: type === "file" ? (size ?? 0) : 0,
                          content: linktarget ?? "",
                      },
                  ]
                : [],
        ),
        what,
    );
}

/** The digest of a tar stream, as `restic dump` writes it for a folder. */
export async function digestOfTar(stream: Readable, what = WHOLE): Promise<TreeDigest> {
    const entries: Entry[] = [];
    const extract = tar.extract();
    const reading = pipeline(stream, extract);
    // Awaited below; until then its failure is the loop's too.
    reading.catch(() => undefined);
    for await (const entry of extract) {
        const { name, type, mode = 0, uid, gid, size = 0, linkname } = entry.header;
        const hash = createHash("sha256");
        for await (const chunk of entry) hash.update(chunk as Buffer);
        const common = { path: `/${name.replace(/^\/|\/$/g, "")}`, mode, owner: `${uid}:${gid}` };
        if (common.path === "/") continue;
        if (type === "directory") entries.push({ ...common, type: "dir", size: 0, content: "" });
        if (type === "symlink") entries.push({ ...common, type: "symlink", size: 0, content: linkname ?? "" });
        if (type === "file") entries.push({ ...common, type: "file", size, content: hash.digest("hex") });
    }
    await reading;
    return digest(entries, what);
}

function digest(entries: Entry[], { owners }: Digested): TreeDigest {
    const hash = createHash("sha256");
    for (const one of entries.sort((a, b) => (a.path < b.path ? -1 : 1))) {
        // A link's mode is the system's.
        const mode = one.type === "symlink" ? "" : (one.mode & 0o777).toString(8);
        const owner = owners ? one.owner : "";
        hash.update([one.path, one.type, mode, owner, one.size, one.content].join("\0") + "\n");
    }
    return {
        sha256: hash.digest("hex"),
        entries: entries.length,
        bytes: entries.reduce((sum, { size }) => sum + size, 0),
    };
}
