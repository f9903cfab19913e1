/** Commands inside of a stack's containers. */
import { PassThrough } from "node:stream";

import type Docker from "dockerode";

import type { Service } from "../../../../systems/types";

export interface ExecResult {
    exitCode: number;
    stdout: string;
    stderr: string;
}

/** Runs a command in a container, as its own user. */
export async function execIn(docker: Docker, id: string, command: string[], timeoutMs: number): Promise<ExecResult> {
    const exec = await docker.getContainer(id).exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({ hijack: false, stdin: false });
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const texts = Promise.all([text(stdout), text(stderr)]);
    docker.modem.demuxStream(stream, stdout, stderr);
    const timer = setTimeout(() => stream.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    await new Promise<void>((resolve, reject) => {
        stream.on("end", resolve);
        stream.on("error", reject);
    }).finally(() => {
        clearTimeout(timer);
        stdout.end();
        stderr.end();
    });
    const [out, err] = await texts;
    const { ExitCode } = await exec.inspect();
    return { exitCode: ExitCode ?? 1, stdout: out, stderr: err };
}

async function text(stream: PassThrough): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
}

/** A request to a service from inside of its own container, with the client that its health check uses. */
export function requestCommand(service: Service, path: string, body?: unknown): string[] {
    const url = `http://127.0.0.1:${service.port}${path}`;
    const probe = service.health.default;
    const client = probe.kind === "http" ? probe.client : "curl";
    const json = body === undefined ? undefined : JSON.stringify(body);
    if (client === "wget") {
        return [
            "wget",
            "-q",
            "-O",
            "-",
            ...(json === undefined ? [] : ["--header", "content-type: application/json", "--post-data", json]),
            url,
        ];
    }
    return ["curl", "-fsS", ...(json === undefined ? [] : ["-H", "content-type: application/json", "-d", json]), url];
}
