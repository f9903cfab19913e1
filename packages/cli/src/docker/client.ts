import type Docker from "dockerode";

import { FailedError, UsageError } from "../errors";

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
    const { connectDocker, DockerUnreachableError, reachingDocker } = await import("@groundwork/engine/docker");
    const connection = connecting(() => connectDocker(host === undefined ? {} : { host }));
    try {
        await reachingDocker(connection, () => connection.docker.ping());
    } catch (cause) {
        if (cause instanceof DockerUnreachableError)
            throw new FailedError(cause.problem, remedyOf(connection, cause.code), { cause });
        const { statusCode } = cause as { statusCode?: number };
        if (statusCode === undefined) throw cause;
        throw new FailedError(
            `What answers at ${connection.host} is no Docker engine: HTTP ${statusCode} to a ping.`,
            host === undefined ? "Check DOCKER_HOST." : "Check groundwork:docker.host in the stack's file.",
            { cause },
        );
    }
    return connection;
}

/** @throws UsageError when the address or its TLS files are wrong */
function connecting<T>(connect: () => T): T {
    try {
        return connect();
    } catch (error) {
        throw new UsageError((error as Error).message);
    }
}

function remedyOf({ local }: DockerHost, code: string | undefined): string {
    if (!local) return 'Check that you can reach the host, and that "docker version" works on it.';
    if (code === "EACCES" || code === "EPERM")
        return 'Let this user use it ("usermod --append --groups docker <user>", and log in again), or run as root.';
    return (
        'Start it ("systemctl start docker"), install it ("apt-get install docker.io", or https://docs.docker.com/engine/install/), or name\n' +
        'another one with DOCKER_HOST. "gw doctor" says what this machine lacks.'
    );
}
