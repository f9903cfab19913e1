/** Images on a Docker engine. */
import type { Readable } from "node:stream";

import type Docker from "dockerode";

import { isNotFound } from "./errors";

/** Whether the engine has an image of this name. */
export async function hasImage(docker: Docker, ref: string): Promise<boolean> {
    try {
        await docker.getImage(ref).inspect();
        return true;
    } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
    }
}

export async function pullImage(docker: Docker, ref: string): Promise<void> {
    await followProgress(docker, (await docker.pull(ref)) as Readable);
}

/** Reads the engine's progress to its end; throws its error if it has one. */
export function followProgress(docker: Docker, stream: Readable): Promise<void> {
    return new Promise((resolve, reject) => {
        docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
    });
}
