/** What people need to know of an object that does not become ready. */
import type { CoreV1Event } from "@kubernetes/client-node";

import type { ProviderContext } from "../../../provider";
import type { Connection } from "../connection";
import { ApiError } from "../errors";
import type { KubeObject } from "../object";
import { timeOf } from "./rejection";
import type { Trouble, View } from "./verdict";

const LAST_LINES = 20;
const LONGEST_LINE = 500;

/** The last lines of a container, as the end of a message. */
export async function logLines(
    connection: Connection,
    ctx: ProviderContext,
    { metadata: { namespace = "" } }: KubeObject,
    { pod, container, previous }: NonNullable<Trouble["logs"]>,
): Promise<string> {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
    const read = (previous: boolean): Promise<string> =>
        connection.send({
            method: "GET",
            path,
            query: { container, tailLines: String(LAST_LINES), ...(previous ? { previous: "true" } : {}) },
            text: true,
            signal: ctx.signal,
        });
    let text: string;
    try {
        text = await read(previous);
    } catch (error) {
        ctx.signal.throwIfAborted();
        if (!(error instanceof ApiError)) return `\n(Its logs cannot be read: ${(error as Error).message})`;
        // It may have been started again, or its last run been cleared away, in between.
        try {
            text = await read(!previous);
        } catch (again) {
            ctx.signal.throwIfAborted();
            return `\n(Its logs cannot be read: ${(again as Error).message})`;
        }
    }
    const lines = text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .slice(-LAST_LINES)
        .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line));
    return lines.length > 0
        ? `\nLast log lines:\n${lines.map((line) => `  ${line}`).join("\n")}`
        : "\nIt logged nothing.";
}

/** Of a container that ends before its `preStop` hook does, which is no trouble. */
const ENDED_MEANWHILE = "FailedPreStopHook";

/** The last warning about the object or about what carries its name, as the end of a message. */
export async function lastWarning({ live, list }: View): Promise<string> {
    if (live.metadata.namespace === undefined) return "";
    const { uid, name } = live.metadata;
    const events = await list<CoreV1Event>({ group: "", version: "v1", kind: "Event" });
    const last = events
        .filter(({ type, reason }) => type === "Warning" && reason !== ENDED_MEANWHILE)
        .filter(({ involvedObject: about }) => about.uid === uid || about.name?.startsWith(`${name}-`))
        .toSorted((a, b) => timeOf(a) - timeOf(b))
        .at(-1);
    return last ? `\nLast warning (${last.involvedObject.kind} ${last.involvedObject.name}): ${last.message}` : "";
}
