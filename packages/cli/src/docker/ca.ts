/** The root certificate of Caddy's own authority, which no browser and no curl knows. */
import type { Readable } from "node:stream";

import type Docker from "dockerode";
import { extract } from "tar-stream";

import { noCertificate, ROOT_CERTIFICATE } from "../runtime/certificate";
import { isNotFound } from "./errors";

/** @throws FailedError when the edge has none */
export async function readCaRoot(docker: Docker, edgeId: string): Promise<string> {
    let archive: Readable;
    try {
        archive = (await docker.getContainer(edgeId).getArchive({ path: ROOT_CERTIFICATE })) as unknown as Readable;
    } catch (error) {
        if (!isNotFound(error)) throw error;
        throw noCertificate();
    }
    const tar = extract();
    const chunks: Buffer[] = [];
    archive.on("error", (error) => tar.destroy(error));
    archive.pipe(tar);
    for await (const entry of tar) for await (const chunk of entry) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
}
