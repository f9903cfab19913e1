import type { ProviderContext } from "../../../provider";
import type { Connection } from "../client";
import { pause, progress } from "../resource";
import type { Inspect } from "./api";
import { inspectContainer } from "./inspect";

/** Between two looks at one container, in milliseconds; longer when many are waited for, to spare the engine. */
const INTERVAL = 250;
const WAITING_AT_FULL_SPEED = 8;

/** Restarts that make a loop: with Docker's growing pauses, more than three seconds of failing. */
const RESTART_LOOP = 5;

/** A container did not become what was asked; its state at that moment. */
export class ContainerFailedError extends Error {
    constructor(
        message: string,
        readonly info: Inspect,
    ) {
        super(message);
        this.name = "ContainerFailedError";
    }
}

/**
 * Waits for the health check to pass.
 *
 * @param seconds how long; a container that ends, or restarts in a loop, fails at once
 */
export async function waitHealthy(
    connection: Connection,
    ctx: ProviderContext,
    id: string,
    seconds: number,
): Promise<Inspect> {
    const start = Date.now();
    const report = progress(ctx);
    connection.waiting++;
    try {
        for (;;) {
            const info = await inspectContainer(connection, id);
            if (!info) throw new Error("it was removed while it was being waited for");
            if (!info.State.Health)
                throw new ContainerFailedError(
                    `wait is set, but it has no health check: add "healthcheck", or remove "wait"`,
                    info,
                );
            if (info.State.Health.Status === "healthy" && info.State.Running) return info;
            if (hasEnded(info)) throw new ContainerFailedError("it ended before it was healthy", info);
            if (info.RestartCount >= RESTART_LOOP) throw new ContainerFailedError("it restarts in a loop", info);
            const waited = (Date.now() - start) / 1000;
            if (waited >= seconds) throw new ContainerFailedError(`it was not healthy after ${seconds} s`, info);
            report(`waiting for healthy (${Math.round(waited)} s)`);
            await pause(ctx, INTERVAL * Math.max(1, connection.waiting / WAITING_AT_FULL_SPEED));
        }
    } finally {
        connection.waiting--;
    }
}

function hasEnded(info: Inspect): boolean {
    return info.State.Status === "exited" || info.State.Status === "dead";
}
