import type { Readable } from "node:stream";

import type Docker from "dockerode";
import { extract } from "tar-stream";

import { isNotFound } from "./errors";

/** A file in a container, whether it runs or not; undefined where there is none. */
export async function readFileIn(docker: Docker, id: string, path: string): Promise<string | undefined> {
    let archive: Readable;
    try {
        archive = (await docker.getContainer(id).getArchive({ path })) as unknown as Readable;
    } catch (error) {
        if (!isNotFound(error)) throw error;
        return undefined;
    }
    const tar = extract();
    const chunks: Buffer[] = [];
    archive.on("error", (error) => tar.destroy(error));
    archive.pipe(tar);
    for await (const entry of tar) for await (const chunk of entry) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
}
