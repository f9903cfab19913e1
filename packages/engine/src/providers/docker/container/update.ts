import type { PropertyMap, ProviderContext } from "../../../provider";
import { equivalent } from "../../schema/diff";
import type { Connection } from "../client";
import { messageOf } from "../errors";
import type { State } from "../resource";
import type { HostConfig } from "./api";
import { startContainer } from "./create";
import { failureText } from "./failure";
import { inspectContainer } from "./inspect";
import { outputsOf } from "./outputs";
import { properties } from "./properties";
import { requestOf } from "./request";
import { waitHealthy } from "./wait";

/** What Docker changes on a living container. */
const LIVE = [
    "restart",
    "maxRetryCount",
    "memory",
    "memoryReservation",
    "memorySwap",
    "cpuShares",
    "cpuSet",
    "cpuPeriod",
    "cpuQuota",
];

/** Updates limits and restart policy in place, and starts a container that must run and does not. */
export async function updateContainer(
    connection: Connection,
    ctx: ProviderContext,
    id: string,
    olds: State,
    news: PropertyMap,
): Promise<PropertyMap> {
    const name = news.name as string;
    const changed = (key: string): boolean => !equivalent(properties[key]!, olds.outputs[key], news[key]);
    const container = connection.docker.getContainer(id);
    if (LIVE.some(changed)) {
        try {
            await container.update(limitsOf(news, ctx.urn));
        } catch (error) {
            throw new Error(`The container ${name} cannot be updated: ${messageOf(error)}`, { cause: error });
        }
    }
    if (news.start !== false && news.mustRun !== false && (changed("mustRun") || changed("start"))) {
        try {
            await startContainer(connection, container);
            if (news.wait === true) await waitHealthy(connection, ctx, id, Number(news.waitTimeout ?? 60));
        } catch (error) {
            ctx.signal.throwIfAborted();
            throw new Error(`The container ${name} failed: ${await failureText(connection.docker, error)}`, {
                cause: error,
            });
        }
    }
    const info = await inspectContainer(connection, id);
    if (!info) throw new Error(`The container ${name} is gone. Run a refresh, then run again.`);
    return outputsOf(info, news, (olds.outputs.containerLogs as string | null) ?? undefined);
}

function limitsOf(news: PropertyMap, urn: string): HostConfig {
    const limits = requestOf(
        Object.fromEntries([...LIVE, "cpus"].map((key) => [key, news[key] ?? null])),
        urn,
    ).HostConfig;
    delete limits.Init;
    delete limits.NanoCpus;
    // Docker refuses a limit above the one for memory and swap, which it set by itself to twice the memory.
    if (limits.Memory && limits.MemorySwap === undefined) limits.MemorySwap = 2 * limits.Memory;
    return limits;
}
