/** A container of the toolbox's image that belongs to no stack. */
import { buffer } from "node:stream/consumers";

import type Docker from "dockerode";
import { pack } from "tar-stream";

import { LABEL_PREFIX } from "../../../../targets/docker/labels";
import type { Standalone, StandaloneSpec } from "../backups/standalone";
import { isBeingRemoved, isNotFound } from "./errors";
import { execIn } from "./exec";
import { hasImage, pullImage } from "./images";

/** The image's own. */
const USER = 999;

/** It holds the keys to the bucket: where whoever made it is killed, it goes by itself. */
const LIFE_SECONDS = 1200;

/** Commands come by `exec`, whose output no log of the engine's keeps. */
export async function openStandalone(
    docker: Docker,
    stack: string,
    { image, files }: StandaloneSpec,
): Promise<Standalone> {
    const name = `gw-${stack}-rebuild`;
    await remove(docker, name);
    if (!(await hasImage(docker, image))) await pullImage(docker, image);
    const container = await docker.createContainer({
        name,
        Image: image,
        Entrypoint: ["sleep", String(LIFE_SECONDS)],
        Cmd: [],
        // None of the stack's, which is not there.
        Labels: { [`${LABEL_PREFIX}component`]: "restore" },
        HostConfig: { AutoRemove: true, CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"] },
    });
    const close = () => remove(docker, name);
    try {
        await container.putArchive(await archiveOf(files), { path: "/" });
        await container.start();
    } catch (error) {
        await close();
        throw error;
    }
    return { exec: (command, timeoutMs) => execIn(docker, container.id, command, timeoutMs), close };
}

async function archiveOf(files: Record<string, string>): Promise<Buffer> {
    const archive = pack();
    for (const [path, text] of Object.entries(files))
        archive.entry({ name: path.slice(1), mode: 0o400, uid: USER, gid: USER, mtime: new Date() }, text);
    archive.finalize();
    return buffer(archive);
}

async function remove(docker: Docker, name: string): Promise<void> {
    try {
        await docker.getContainer(name).remove({ force: true, v: true });
    } catch (error) {
        if (!isNotFound(error) && !isBeingRemoved(error)) throw error;
    }
}
