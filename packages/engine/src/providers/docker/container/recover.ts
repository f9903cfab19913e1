import type Docker from "dockerode";

import type { PropertyMap, ProviderContext } from "../../../provider";
import type { Connection } from "../client";
import { isConflict, isNotFound } from "../errors";
import { pause } from "../resource";
import { inspectContainer } from "./inspect";
import { forceRemove } from "./remove";
import { OWNER_LABEL } from "./request";

/** How long a creation that was under way may hold the name, in milliseconds. */
const SETTLE_TIMEOUT = 30_000;
const SETTLE_INTERVAL = 250;

/**
 * Removes what an interrupted creation left behind. It is never adopted: it may lack files, networks or a started process.
 *
 * A request that was under way when this engine was killed is still carried out by Docker. The name is what it holds, so taking the
 * name, for a moment, proves that nothing is coming any more.
 *
 * @throws when the name is held by a container that this resource did not make
 */
export async function recoverContainer(
    connection: Connection,
    ctx: ProviderContext,
    inputs: PropertyMap,
): Promise<void> {
    const name = inputs.name as string;
    const deadline = Date.now() + SETTLE_TIMEOUT;
    for (;;) {
        const found = await inspectContainer(connection, name);
        if (found) {
            const owner = found.Config.Labels[OWNER_LABEL];
            if (owner !== ctx.urn)
                throw new Error(
                    `A container named ${name} exists, but ${owner === undefined ? "this engine did not make it" : `it was made for ${owner}`}. ` +
                        `It was left as it is. Remove it with "docker rm -f ${name}" if nobody needs it, or choose another name.`,
                );
            await forceRemove(connection, found.Id, true);
        }
        if (await takeName(connection, ctx, name, inputs.image as string)) return;
        if (Date.now() > deadline)
            throw new Error(
                `The container name ${name} is held by Docker, but there is no such container. Restart the Docker engine, then run again.`,
            );
        await pause(ctx, SETTLE_INTERVAL);
    }
}

/** Makes and removes an empty container of that name; false when the name is held. */
async function takeName(connection: Connection, ctx: ProviderContext, name: string, image: string): Promise<boolean> {
    try {
        const placeholder = await connection.docker.createContainer({
            _query: { name },
            _body: { Image: image, Cmd: ["true"], Labels: { [OWNER_LABEL]: ctx.urn } },
        } as Docker.ContainerCreateOptions);
        await forceRemove(connection, placeholder.id, true);
        return true;
    } catch (error) {
        if (isConflict(error)) return false;
        // Without the image the interrupted creation cannot have made anything either.
        if (isNotFound(error)) return true;
        throw error;
    }
}
