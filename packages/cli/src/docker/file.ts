import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

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
    let content = "";
    archive.on("error", (error) => tar.destroy(error));
    archive.pipe(tar);
    for await (const entry of tar) content += await text(entry);
    return content;
}
