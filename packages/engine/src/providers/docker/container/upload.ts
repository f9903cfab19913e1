import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";

import type Docker from "dockerode";
import { pack } from "tar-stream";

import type { PropertyMap } from "../../../provider";
import { messageOf } from "../errors";

/** Copies all the files of `uploads` in one archive. Their contents are never part of an error. */
export async function uploadFiles(
    container: Docker.Container,
    uploads: PropertyMap[],
    signal: AbortSignal,
): Promise<void> {
    if (uploads.length === 0) return;
    const archive = pack();
    for (const upload of uploads)
        archive.entry(
            {
                name: (upload.file as string).replace(/^\/+/, ""),
                mode: modeOf(upload),
                uid: 0,
                gid: 0,
                mtime: new Date(),
            },
            await contentOf(upload),
        );
    archive.finalize();
    try {
        await container.putArchive(await buffer(archive), { path: "/", abortSignal: signal });
    } catch (error) {
        signal.throwIfAborted();
        const files = uploads.map((upload) => upload.file as string).join(", ");
        throw new Error(`uploading ${files} failed: ${messageOf(error)}`, { cause: error });
    }
}

function modeOf(upload: PropertyMap): number {
    if (upload.permissions) return parseInt(upload.permissions as string, 8);
    return upload.executable === true ? 0o744 : 0o644;
}

async function contentOf(upload: PropertyMap): Promise<Buffer> {
    if (upload.content) return Buffer.from(upload.content as string);
    if (upload.contentBase64) return Buffer.from(upload.contentBase64 as string, "base64");
    return readFile(upload.source as string);
}
