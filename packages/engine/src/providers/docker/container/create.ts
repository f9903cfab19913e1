import type Docker from "dockerode";

import { NothingMadeError, type PropertyMap, type ProviderContext } from "../../../provider";
import type { Connection } from "../client";
import { isConflict, isNotFound, messageOf } from "../errors";
import { findImage } from "../image";
import type { Made } from "../resource";
import type { Inspect } from "./api";
import { ContainerFailedError, failureText, plainLogs } from "./failure";
import { inspectContainer } from "./inspect";
import { outputsOf } from "./outputs";
import { portClash } from "./ports";
import { forceRemove } from "./remove";
import { OWNER_LABEL, requestOf } from "./request";
import { uploadFiles } from "./upload";
import { waitHealthy } from "./wait";

/** How long an attached container may run, in seconds, when the program sets no timeout; as the real provider. */
const ATTACH_TIMEOUT = 20 * 60;

/**
 * Makes the container, uploads its files, connects its networks, starts it and waits, as asked. Whatever fails on the way, the
 * half-made container is removed again.
 */
export async function createContainer(
    connection: Connection,
    ctx: ProviderContext,
    inputs: PropertyMap,
): Promise<Made> {
    const name = inputs.name as string;
    await findImage(connection, ctx, inputs.image as string, inputs.platform as string | undefined);
    ctx.signal.throwIfAborted();
    const id = await post(connection, ctx, inputs);
    try {
        const container = connection.docker.getContainer(id);
        await connectNetworks(connection, ctx, id, (inputs.networksAdvanced ?? []) as PropertyMap[]);
        await uploadFiles(container, (inputs.uploads ?? []) as PropertyMap[], ctx.signal);
        const logs = inputs.start === false ? undefined : await run(connection, ctx, container, inputs);
        const info = await inspectContainer(connection, id);
        if (!info) throw new Error("it was removed while it was being made");
        warn(ctx, info, inputs);
        return { id, outputs: outputsOf(info, inputs, logs) };
    } catch (error) {
        throw await abandon(connection, ctx, id, name, error);
    }
}

async function post(connection: Connection, ctx: ProviderContext, inputs: PropertyMap): Promise<string> {
    const name = inputs.name as string;
    const platform = inputs.platform as string | undefined;
    try {
        // Without _query and _body, dockerode would put everything, environment included, into the URL too.
        const made = await connection.docker.createContainer({
            _query: { name, ...(platform ? { platform } : {}) },
            _body: requestOf(inputs, ctx.urn),
        } as Docker.ContainerCreateOptions);
        return made.id;
    } catch (error) {
        if (isConflict(error)) throw await nameTaken(connection, name, error);
        throw new Error(`The container ${name} cannot be made: ${messageOf(error)}`, { cause: error });
    }
}

async function nameTaken(connection: Connection, name: string, cause: unknown): Promise<Error> {
    const holder = await inspectContainer(connection, name);
    const owner = holder?.Config.Labels[OWNER_LABEL];
    const what = holder
        ? `a container of the image ${holder.Config.Image} (${holder.State.Status}${owner === undefined ? "" : `, made for ${owner}`})`
        : "another container";
    return new NothingMadeError(
        `The container name ${name} is taken by ${what}, which this stack's state does not know. Remove it with "docker rm -f ${name}" ` +
            `if nobody needs it, or choose another name.`,
        { cause },
    );
}

async function connectNetworks(
    connection: Connection,
    ctx: ProviderContext,
    id: string,
    networks: PropertyMap[],
): Promise<void> {
    if (networks.length === 0) return;
    try {
        await connection.docker.getNetwork("bridge").disconnect({ Container: id });
    } catch (error) {
        if (!isNotFound(error) && !/is not connected/.test(messageOf(error))) throw error;
    }
    for (const network of networks) {
        ctx.signal.throwIfAborted();
        const driverOpts = ((network.driverOpts ?? []) as string[]).map((option) => option.split(/=(.*)/s).slice(0, 2));
        try {
            await connection.docker.getNetwork(network.name as string).connect({
                Container: id,
                EndpointConfig: {
                    ...(network.aliases ? { Aliases: network.aliases as string[] } : {}),
                    ...(network.macAddress ? { MacAddress: network.macAddress as string } : {}),
                    ...(driverOpts.length > 0
                        ? { DriverOpts: Object.fromEntries(driverOpts) as Record<string, string> }
                        : {}),
                    ...(network.gwPriority ? { GwPriority: network.gwPriority as number } : {}),
                    IPAMConfig: {
                        ...(network.ipv4Address ? { IPv4Address: network.ipv4Address as string } : {}),
                        ...(network.ipv6Address ? { IPv6Address: network.ipv6Address as string } : {}),
                        ...(network.linkLocalIps ? { LinkLocalIPs: network.linkLocalIps as string[] } : {}),
                    },
                },
            });
        } catch (error) {
            throw new Error(`connecting to the network ${network.name as string} failed: ${messageOf(error)}`, {
                cause: error,
            });
        }
    }
}

/** Starts it; waits for health or for its end, as asked. Returns its logs if they are asked for. */
async function run(
    connection: Connection,
    ctx: ProviderContext,
    container: Docker.Container,
    inputs: PropertyMap,
): Promise<string | undefined> {
    await startContainer(connection, container);
    if (inputs.wait === true) await waitHealthy(connection, ctx, container.id, Number(inputs.waitTimeout ?? 60));
    if (inputs.attach !== true) return undefined;
    return attach(connection, ctx, container, inputs);
}

export async function startContainer(connection: Connection, container: Docker.Container): Promise<void> {
    try {
        await container.start();
    } catch (error) {
        // 304: it runs already.
        if ((error as { statusCode?: number }).statusCode === 304) return;
        const clash = await portClash(connection, error);
        throw new Error(clash ?? `starting failed: ${messageOf(error)}`, { cause: error });
    }
}

async function attach(
    connection: Connection,
    ctx: ProviderContext,
    container: Docker.Container,
    inputs: PropertyMap,
): Promise<string | undefined> {
    const seconds = ctx.timeoutSeconds ?? ATTACH_TIMEOUT;
    const timeout = AbortSignal.timeout(seconds * 1000);
    ctx.log("waiting for it to end");
    try {
        const { StatusCode: code } = (await container.wait({
            abortSignal: AbortSignal.any([ctx.signal, timeout]),
        })) as { StatusCode: number };
        if (code !== 0) ctx.log(`ended with exit code ${code}`, "warning");
    } catch (error) {
        ctx.signal.throwIfAborted();
        const info = timeout.aborted ? await inspectContainer(connection, container.id) : undefined;
        if (info) throw new ContainerFailedError(`it did not end within ${seconds} s`, info);
        throw error;
    }
    if (inputs.logs !== true) return undefined;
    const raw = await container.logs({ stdout: true, stderr: true });
    return plainLogs(connection.docker, raw, inputs.tty === true);
}

/** Removes what was made, and says why it failed. */
async function abandon(
    connection: Connection,
    ctx: ProviderContext,
    id: string,
    name: string,
    error: unknown,
): Promise<Error> {
    const why = ctx.signal.aborted ? "" : await failureText(connection.docker, error);
    const leftover = await forceRemove(connection, id, true).then(
        () => "",
        (failure: unknown) => `\nIt could not be removed either: ${messageOf(failure)}`,
    );
    if (ctx.signal.aborted) return new Error(`The container ${name} was not finished: the run was stopped.${leftover}`);
    return new Error(`The container ${name} failed: ${why}${leftover}`, { cause: error });
}

function warn(ctx: ProviderContext, info: Inspect, inputs: PropertyMap): void {
    const ports = (inputs.ports ?? []) as PropertyMap[];
    if (ports.length > 0 && info.State.Running && Object.keys(info.NetworkSettings.Ports ?? {}).length === 0)
        ctx.log("its ports are not published: all of its networks are internal", "warning");
    const startInterval = (inputs.healthcheck as PropertyMap | undefined)?.startInterval;
    if (startInterval !== undefined && startInterval !== "0s" && info.Config.Healthcheck?.StartInterval === undefined)
        ctx.log("this Docker engine is too old for healthcheck.startInterval, which was left out", "warning");
}
