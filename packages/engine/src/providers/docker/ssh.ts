import { spawn } from "node:child_process";
import { Agent } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

import { SSH_FAILED, type DockerError } from "./errors";

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
        const stream = new Duplex({
            read: () => child.stdout.resume(),
            // A broken pipe means that ssh has ended, which says better why.
            write: (chunk, encoding, done) => void child.stdin.write(chunk, encoding, () => done()),
            final: (done) => void child.stdin.end(() => done()),
            destroy: (error, done) => {
                child.kill();
                done(error);
            },
        });
        child.stdin.on("error", () => undefined);
        child.stdout.on("data", (chunk: Buffer) => {
            if (!stream.push(chunk)) child.stdout.pause();
        });
        child.on("error", (error) => stream.destroy(sshError(`ssh cannot be started (${error.message})`)));
        child.on("close", (code) => {
            if (code === 0) stream.push(null);
            else stream.destroy(sshError(`ssh ended with code ${code}: ${stderr.trim() || "it said nothing"}`));
        });
        const handles = [child, child.stdin as Socket, child.stdout as Socket, child.stderr as Socket];
        // What node's http client asks of a socket and a pipe has no equivalent of.
        const nothing = (): Duplex => stream;
        return Object.assign(stream, {
            setKeepAlive: nothing,
            setNoDelay: nothing,
            setTimeout: nothing,
            // An idle connection must not keep the program from ending.
            ref: () => (handles.forEach((handle) => handle.ref()), stream),
            unref: () => (handles.forEach((handle) => handle.unref()), stream),
        });
    };
    return agent;
}

function sshError(message: string): DockerError {
    return Object.assign(new Error(message), { code: SSH_FAILED });
}
