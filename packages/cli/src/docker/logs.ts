/** Container logs as lines. */
import { PassThrough, type Readable } from "node:stream";
import { createInterface } from "node:readline";

import { demultiplexed } from "@groundwork/engine/docker";
import type Docker from "dockerode";

import { FailedError } from "../errors";
import type { LogOptions } from "../runtime/runtime";

/** Calls `onLine` for every line, with its time, until the log ends or the signal aborts. @throws FailedError when it breaks off */
export async function streamLogs(
    docker: Docker,
    id: string,
    options: LogOptions,
    onLine: (line: string, time: string) => void,
): Promise<void> {
    const base = {
        stdout: true,
        stderr: true,
        timestamps: true,
        tail: options.tail as number,
        since: options.since ?? 0,
    };
    const container = docker.getContainer(id);
    const emit = (line: string): void => {
        const space = line.indexOf(" ");
        onLine(line.slice(space + 1), line.slice(0, space));
    };
    if (!options.follow) {
        const buffer = await container.logs({ ...base, follow: false });
        const lines = demultiplexed(buffer as unknown as Buffer).split("\n");
        for (const line of lines) if (line !== "") emit(line);
        return;
    }
    const stream = (await container.logs({ ...base, follow: true, abortSignal: options.signal })) as Readable;
    const text = new PassThrough();
    docker.modem.demuxStream(stream, text, text);
    options.signal?.addEventListener("abort", () => stream.destroy(), { once: true });
    let failure: Error | undefined;
    stream.on("error", (error: Error) => (failure = error));
    for (const event of ["end", "close", "error"]) stream.on(event, () => text.end());
    for await (const line of createInterface({ input: text, crlfDelay: Infinity })) if (line !== "") emit(line);
    // What was stopped on request ends with an error too.
    if (failure === undefined || options.signal?.aborted === true) return;
    throw new FailedError(`The Docker engine broke a log off: ${failure.message}.`, "Is it still up? See gw doctor.");
}
