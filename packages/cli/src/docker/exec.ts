/** Commands inside of a stack's containers. */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import type Docker from "dockerode";

import type { ExecResult } from "../runtime/runtime";

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
