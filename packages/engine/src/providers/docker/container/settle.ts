import type { Unsettled } from "../../../provider";
import { reaching, type Connection } from "../client";
import { failureText } from "./failure";
import { settleContainer } from "./wait";

/** Waits for Docker's own verdict on the containers of one run. */
export async function settleContainers(connection: Connection, signal: AbortSignal): Promise<Unsettled[]> {
    const own = connection.settling.filter(({ ctx }) => ctx.signal === signal);
    connection.settling = connection.settling.filter(({ ctx }) => ctx.signal !== signal);
    const failures = await Promise.all(
        own.map(async (container): Promise<Unsettled[]> => {
            try {
                await reaching(connection, () => settleContainer(connection, container));
                return [];
            } catch (error) {
                signal.throwIfAborted();
                return [
                    {
                        urn: container.ctx.urn,
                        message: `The container failed: ${await failureText(connection.docker, error)}`,
                    },
                ];
            }
        }),
    );
    return failures.flat();
}
