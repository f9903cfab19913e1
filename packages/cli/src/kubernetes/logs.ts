/** Pod logs as lines. */
import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import type { LogOptions } from "../runtime/runtime";
import type { Cluster } from "./client";
import { sayingOf } from "./errors";

export interface PodContainer {
    namespace: string;
    pod: string;
    container: string;
}

/** How long the API server may take to begin its answer. */
const TIMEOUT_MS = 20_000;

/**
 * Calls `onLine` for every line, with its time, until the log ends or the signal aborts. The client's own `Log` leaves out `tail: 0`, what
 * the API server says of a container that has not started, and the end of a log that is followed.
 */
export async function streamLogs(
    cluster: Pick<Cluster, "config" | "server">,
    at: PodContainer,
    options: LogOptions,
    onLine: (line: string, time: string) => void,
): Promise<void> {
    const answer = await ask(cluster, logPath(at, options), options.signal);
    if (answer === undefined) return;
    if (answer.statusCode !== 200) {
        const body = await text(answer);
        // Gone since the list was made.
        if (answer.statusCode === 404) return;
        const said = sayingOf({ body, message: `the API server answers ${answer.statusCode}` });
        // It waits to start, which is worth a line among those of the others and no reason to end.
        if (answer.statusCode === 400) return onLine(`(no log: ${said})`, new Date().toISOString());
        throw new Error(`The log of the pod ${at.pod} cannot be read: ${said}`);
    }
    try {
        for await (const line of createInterface({ input: answer, crlfDelay: Infinity })) emit(line, onLine);
    } catch (error) {
        if (options.signal?.aborted !== true) throw error;
    }
}

function logPath({ namespace, pod, container }: PodContainer, { tail, since, follow }: LogOptions): string {
    const query = new URLSearchParams({ container, timestamps: "true", follow: String(follow) });
    if (tail !== "all") query.set("tailLines", String(tail));
    if (since !== undefined) query.set("sinceTime", new Date(since * 1000).toISOString());
    return `/api/v1/namespaces/${namespace}/pods/${pod}/log?${query.toString()}`;
}

function emit(line: string, onLine: (line: string, time: string) => void): void {
    if (line === "") return;
    const space = line.indexOf(" ");
    if (space > 0) onLine(line.slice(space + 1), line.slice(0, space));
    else onLine("", line);
}

/** Undefined: it was stopped before there was an answer. */
async function ask(
    { config, server }: Pick<Cluster, "config" | "server">,
    path: string,
    signal: AbortSignal | undefined,
): Promise<IncomingMessage | undefined> {
    const options: RequestOptions = { signal };
    await config.applyToHTTPSOptions(options);
    const url = new URL(server.replace(/\/$/, "") + path);
    return new Promise((resolve, reject) => {
        const send = url.protocol === "http:" ? httpRequest : httpsRequest;
        const outgoing = send(url, options, (incoming) => {
            clearTimeout(late);
            resolve(incoming);
        });
        const late = setTimeout(() => outgoing.destroy(new Error(`${server} does not answer`)), TIMEOUT_MS);
        outgoing.on("error", (error) => {
            clearTimeout(late);
            if (signal?.aborted === true) resolve(undefined);
            else reject(error);
        });
        outgoing.end();
    });
}
