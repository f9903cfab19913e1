import { spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";

import type { DockerError } from "./errors";

/** Connections to one host; sshd's own default for unauthenticated ones is 10. */
const MOST_CONNECTIONS = 6;

/**
 * Speaks to a Docker engine through the system's `ssh`, as the Docker CLI does, so that the user's keys, agent, known hosts and jump
 * hosts all count.
 *
 * @param url `ssh://[user@]host[:port]`
 * @param options extra arguments of ssh, e.g. `["-i", "key"]`
 */
export function sshAgent(url: URL, options: readonly string[]): Agent {
    const args = [...options, "-o", "ConnectTimeout=30", "-T"];
    if (url.username !== "") args.push("-l", decodeURIComponent(url.username));
    if (url.port !== "") args.push("-p", url.port);
    args.push("--", url.hostname, "docker", "system", "dial-stdio");

    const agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
    agent.createConnection = () => {
        const child = spawn("ssh", args, { stdio: ["pipe", "pipe", "pipe"] });
        let stderr = "";
        child.stderr.on("data", (chunk: Buffer) => (stderr = `${stderr}${chunk.toString()}`.slice(-1000)));
        const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
        child.on("error", (error) => stream.destroy(error));
        child.on("exit", (code) => {
            if (code === 0) return;
            const error: DockerError = new Error(`ssh ended with code ${code}: ${stderr.trim()}`);
            error.code = "ECONNRESET";
            stream.destroy(error);
        });
        stream.on("close", () => child.kill());
        // What node's http client asks of a socket and a pipe has no equivalent of.
        const nothing = (): Duplex => stream;
        return Object.assign(stream, {
            setKeepAlive: nothing,
            setNoDelay: nothing,
            setTimeout: nothing,
            ref: () => (child.ref(), stream),
            unref: () => (child.unref(), stream),
        });
    };
    return agent;
}
