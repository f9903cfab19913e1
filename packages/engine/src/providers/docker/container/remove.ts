import { setTimeout as sleep } from "node:timers/promises";

import type { PropertyMap } from "../../../provider";
import type { Connection } from "../client";
import { isConflict, isNotFound, messageOf } from "../errors";

const GONE_TIMEOUT = 30_000;
const GONE_INTERVAL = 100;

/** Seconds a container gets to stop: its own grace, else its stop timeout, else none, as the real provider. */
function graceSeconds(outputs: PropertyMap): number {
    return Number(outputs.destroyGraceSeconds ?? 0) || Number(outputs.stopTimeout ?? 0);
}

/** Stops a container gently and removes it with its anonymous volumes; gone already is fine. */
export async function stopAndRemove(
    connection: Connection,
    id: string,
    outputs: PropertyMap,
    signal: AbortSignal,
): Promise<void> {
    if (outputs.attach !== true) {
        try {
            await connection.docker.getContainer(id).stop({ t: graceSeconds(outputs), abortSignal: signal });
        } catch (error) {
            signal.throwIfAborted();
            // 304: it is not running.
            if ((error as { statusCode?: number }).statusCode !== 304 && !isNotFound(error)) throw stopError(id, error);
        }
    }
    await forceRemove(connection, id, outputs.removeVolumes !== false);
}

/** Removes a container as it is; when this returns, its name is free. */
export async function forceRemove(connection: Connection, id: string, anonymousVolumes: boolean): Promise<void> {
    const container = connection.docker.getContainer(id);
    const deadline = Date.now() + GONE_TIMEOUT;
    for (;;) {
        try {
            await container.remove({ force: true, v: anonymousVolumes });
            return;
        } catch (error) {
            if (isNotFound(error)) return;
            // 409: it is being removed already; its name is free when that is done.
            if (!isConflict(error) || Date.now() > deadline) throw stopError(id, error);
        }
        await sleep(GONE_INTERVAL);
    }
}

function stopError(id: string, error: unknown): Error {
    return new Error(`The container ${id.slice(0, 12)} cannot be removed: ${messageOf(error)}`, { cause: error });
}
