import type Docker from "dockerode";

import { FailedError } from "../errors";

export interface DockerHost {
    docker: Docker;
    host: string;
    /** It runs on this machine, so its ports are this machine's. */
    local: boolean;
}

/**
 * A Docker engine that answers.
 * @param host as `groundwork:docker.host`; absent: DOCKER_HOST, else the default socket
 * @throws FailedError with what to do when it does not answer
 */
export async function reachDocker(host: string | undefined): Promise<DockerHost> {
    // Loaded when it is needed: a preview starts the program before.
    const { connectDocker, DockerUnreachableError, reachingDocker } = await import("@groundwork/engine/src/docker.js");
    const connection = connectDocker(host === undefined ? {} : { host });
    try {
        await reachingDocker(connection, () => connection.docker.ping());
    } catch (error) {
        if (!(error instanceof DockerUnreachableError)) throw error;
        const failed = new FailedError(
            error.problem,
            connection.local
                ? 'Start it ("systemctl start docker"), install it ("apt-get install docker.io", or https://docs.docker.com/engine/install/), or name\n' +
                      'another one with DOCKER_HOST. "gw doctor" says what this machine lacks.'
                : 'Check that you can reach the host, and that "docker version" works on it.',
        );
        failed.cause = error;
        throw failed;
    }
    return connection;
}
