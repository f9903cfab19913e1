import type { ProviderContext } from "../../../provider";
import type { Connection, Settling } from "../client";
import { pause, progress } from "../resource";
import type { Inspect } from "./api";
import { ContainerFailedError } from "./failure";
import { inspectContainer } from "./inspect";
import { passesProbe } from "./probe";

/** Between two looks at one container, in milliseconds; longer when many are waited for, to spare the engine. */
const INTERVAL = 150;
const WAITING_AT_FULL_SPEED = 8;

/** Pause between two probes of one container, in times of what the last one took. */
const PROBE_SHARE = 1;

/** Restarts that make a loop: with Docker's growing pauses, more than three seconds of failing. */
const RESTART_LOOP = 5;

/**
 * Waits for the health check to pass. Docker looks for the first time after a whole interval, and all that builds on the container would
 * wait for that at each stage. So the check's command is run here too, and once it passes others may build on the container; that Docker
 * comes to the same result is waited for at the end of the run ({@link settleContainer}).
 *
 * @param seconds how long; a container that ends, or restarts in a loop, fails at once
 */
export async function waitHealthy(
    connection: Connection,
    ctx: ProviderContext,
    id: string,
    seconds: number,
): Promise<void> {
    const start = Date.now();
    connection.waiting++;
    try {
        let nextProbe = 0;
        await healthy(connection, ctx, id, { start, seconds }, async (info) => {
            if (Date.now() < nextProbe) return false;
            const begun = Date.now();
            if (await passesProbe(connection, ctx, info)) return true;
            // Most of the time is the container's: it is to start, not to answer.
            nextProbe = Date.now() + PROBE_SHARE * (Date.now() - begun);
            return false;
        });
    } finally {
        connection.waiting--;
    }
    connection.settling.push({ ctx, id, start, seconds });
}

/** Waits until Docker's own health check of a container has passed that {@link waitHealthy} let go. @throws ContainerFailedError */
export async function settleContainer(connection: Connection, { ctx, id, ...limit }: Settling): Promise<void> {
    await healthy(connection, ctx, id, limit, () => Promise.resolve(false));
}

async function healthy(
    connection: Connection,
    ctx: ProviderContext,
    id: string,
    { start, seconds }: Pick<Settling, "start" | "seconds">,
    isReady: (info: Inspect) => Promise<boolean>,
): Promise<void> {
    const report = progress(ctx);
    for (;;) {
        const info = await inspectContainer(connection, id);
        if (!info) throw new Error("it was removed while it was being waited for");
        if (!info.State.Health)
            throw new ContainerFailedError(
                `wait is set, but it has no health check: add "healthcheck", or remove "wait"`,
                info,
            );
        if (info.State.Health.Status === "healthy" && info.State.Running) return;
        if (hasEnded(info)) throw new ContainerFailedError("it ended before it was healthy", info);
        if (info.RestartCount >= RESTART_LOOP) throw new ContainerFailedError("it restarts in a loop", info);
        if (info.State.Running && (await isReady(info))) return;
        const waited = (Date.now() - start) / 1000;
        if (waited >= seconds) throw new ContainerFailedError(`it was not healthy after ${seconds} s`, info);
        report(`waiting for healthy (${Math.round(waited)} s)`);
        await pause(ctx, INTERVAL * Math.max(1, connection.waiting / WAITING_AT_FULL_SPEED));
    }
}

function hasEnded(info: Inspect): boolean {
    return info.State.Status === "exited" || info.State.Status === "dead";
}
