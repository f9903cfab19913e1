import type { PropertyMap, ProviderContext, Unsettled } from "../../provider";
import { endpoints } from "./await/network";
import { waitReady, WaitError } from "./await/wait";
import type { Connection } from "./connection";
import type { Resource } from "./discovery";
import { idOf, show, type KubeObject } from "./object";

/** A Service that others may use already, though nothing may be behind it yet. */
export interface Settling {
    ctx: ProviderContext;
    resource: Resource;
    inputs: PropertyMap;
    applied: KubeObject;
}

/**
 * Waits until the Services of one run have endpoints. Their pods may be made by resources that depend on the Service, so that to wait for
 * them any earlier would be to wait for ever.
 */
export async function settleServices(connection: Connection, signal: AbortSignal): Promise<Unsettled[]> {
    const own = connection.settling.filter(({ ctx }) => ctx.signal === signal);
    connection.settling = connection.settling.filter(({ ctx }) => ctx.signal !== signal);
    const all = await Promise.all(
        own.map(async ({ ctx, ...rest }): Promise<Unsettled[]> => {
            try {
                await waitReady({ ...rest, ctx, connection, judge: endpoints });
                return [];
            } catch (error) {
                signal.throwIfAborted();
                if (!(error instanceof WaitError)) throw error;
                const title = show("Service", idOf(rest.applied.metadata));
                return [{ urn: ctx.urn, message: `${title} is there, but ${error.message}` }];
            }
        }),
    );
    return all.flat();
}
