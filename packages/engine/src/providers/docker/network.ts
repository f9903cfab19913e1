import type Docker from "dockerode";

import { NothingMadeError, type PropertyMap, type PropertyValue, type ProviderContext } from "../../provider";
import { META_KEY, isMap, type Fields } from "../schema/types";
import type { Connection } from "./client";
import { isConflict, isNotFound, messageOf } from "./errors";
import { hasOwnName, labelList, labelMap, pause, sameLabels, showLabels, type DockerResource } from "./resource";

/** How long to wait for endpoints to leave a network that is being removed, in milliseconds; as the real provider. */
const REMOVE_TIMEOUT = 30_000;
const REMOVE_INTERVAL = 250;

/** How long an interrupted creation may take to show up, in milliseconds: the engine finishes what it has begun. */
const SETTLE_TIME = 1500;
const SETTLE_INTERVAL = 250;

const fields: Fields = {
    name: { kind: "string", replaces: true },
    labels: {
        kind: "set",
        replaces: true,
        of: {
            kind: "object",
            fields: { label: { kind: "string", required: true }, value: { kind: "string", required: true } },
        },
    },
    driver: { kind: "string", replaces: true, computed: true },
    options: { kind: "map", replaces: true, computed: true },
    internal: { kind: "boolean", replaces: true, computed: true },
    attachable: { kind: "boolean", replaces: true },
    ingress: { kind: "boolean", replaces: true },
    ipv6: { kind: "boolean", replaces: true },
    ipamDriver: { kind: "string", replaces: true, default: "default" },
    ipamOptions: { kind: "map", replaces: true },
    ipamConfigs: {
        kind: "set",
        replaces: true,
        computed: true,
        of: {
            kind: "object",
            fields: {
                subnet: { kind: "string" },
                ipRange: { kind: "string" },
                // The engine picks one when none is given, and reports it.
                gateway: { kind: "string", computed: true },
                auxAddress: { kind: "map" },
            },
        },
    },
};

/** `docker:index/network:Network` */
export const network: DockerResource = {
    fields,
    autoname: true,
    schemaVersion: "1",
    deleteBeforeReplace: hasOwnName,

    async create(connection, _ctx, inputs) {
        const name = inputs.name as string;
        try {
            const made = await connection.docker.createNetwork({
                Name: name,
                // Docker allows two networks of one name: never make the second.
                CheckDuplicate: true,
                Labels: labelMap(inputs.labels),
                ...(inputs.driver ? { Driver: inputs.driver as string } : {}),
                ...(inputs.options ? { Options: inputs.options as Record<string, string> } : {}),
                Internal: inputs.internal === true,
                Attachable: inputs.attachable === true,
                Ingress: inputs.ingress === true,
                ...(inputs.ipv6 === true ? { EnableIPv6: true } : {}),
                IPAM: {
                    Driver: (inputs.ipamDriver as string | undefined) ?? "default",
                    ...(inputs.ipamOptions ? { Options: inputs.ipamOptions as Record<string, string> } : {}),
                    ...(inputs.ipamConfigs ? { Config: ipamConfigs(inputs.ipamConfigs) } : {}),
                },
            } as Docker.NetworkCreateOptions);
            return { id: made.id, outputs: outputsOf((await inspect(connection, made.id))!) };
        } catch (error) {
            throw creationError(error, name);
        }
    },

    async read(connection, _ctx, id, olds) {
        const found = await inspect(connection, id);
        return found && { inputs: olds?.inputs ?? { name: found.Name }, outputs: outputsOf(found) };
    },

    async delete(connection, ctx, id) {
        await removeNetwork(connection, ctx, id);
    },

    async recover(connection, ctx, inputs) {
        const name = inputs.name as string;
        const labels = labelMap(inputs.labels);
        for (let waited = 0; ; waited += SETTLE_INTERVAL) {
            const found = await byName(connection, name);
            const foreign = found.find((candidate) => !sameLabels(candidate.Labels ?? {}, labels));
            if (foreign)
                throw new Error(
                    `A network named ${name} exists, but it is not this stack's: its labels are ${showLabels(foreign.Labels ?? {})}, ` +
                        `not ${showLabels(labels)}. Rename one of them, or remove it with "docker network rm ${foreign.Id.slice(0, 12)}".`,
                );
            if (found.length > 0) {
                const [kept, ...extra] = found.sort((a, b) => (a.Created < b.Created ? -1 : 1));
                for (const duplicate of extra) await removeNetwork(connection, ctx, duplicate.Id);
                return { id: kept!.Id, outputs: outputsOf(kept!) };
            }
            if (waited >= SETTLE_TIME) return undefined;
            await pause(ctx, SETTLE_INTERVAL);
        }
    },
};

/** Containers that have just been removed may still be disconnecting. */
async function removeNetwork(connection: Connection, ctx: ProviderContext, id: string): Promise<void> {
    const deadline = Date.now() + REMOVE_TIMEOUT;
    for (;;) {
        try {
            await connection.docker.getNetwork(id).remove({ abortSignal: ctx.signal });
            return;
        } catch (error) {
            if (isNotFound(error)) return;
            if (!/active endpoints/.test(messageOf(error))) throw error;
            if (Date.now() > deadline) {
                const info = await inspect(connection, id);
                if (!info) return;
                throw new Error(inUse(info), { cause: error });
            }
        }
        await pause(ctx, REMOVE_INTERVAL);
    }
}

/** Who keeps a network from being removed, and how to take it off. */
function inUse(info: Docker.NetworkInspectInfo): string {
    const users = Object.values(info.Containers ?? {}).map((container) => container.Name);
    if (users.length === 0)
        return `The network ${info.Name} cannot be removed: something still uses it. "docker network inspect ${info.Name}" may say what.`;
    const disconnect = users.map((user) => `"docker network disconnect --force ${info.Name} ${user}"`).join(", ");
    return (
        `The network ${info.Name} cannot be removed: ${users.join(", ")}, which this stack's state does not know or could not remove, still uses it. ` +
        `Remove what nobody needs ("docker rm --force ${users.join(" ")}"), or take it off the network (${disconnect}), and run the same command again.`
    );
}

function creationError(error: unknown, name: string): Error {
    const message = messageOf(error);
    if (isConflict(error) && /already exists/.test(message))
        return new NothingMadeError(
            `A network named ${name} exists already, and this stack's state does not know it. Look at it with "docker network inspect ${name}"; ` +
                `remove it with "docker network rm ${name}" if nobody needs it, or choose another name.`,
            { cause: error },
        );
    if (/address pools|overlaps/.test(message))
        return new Error(
            `The network ${name} cannot be made: ${message}. The engine has no free address range: remove unused networks ` +
                `with "docker network prune", or set ipamConfigs or the engine's default-address-pools.`,
            { cause: error },
        );
    return new Error(`The network ${name} cannot be made: ${message}`, { cause: error });
}

export async function inspect(connection: Connection, id: string): Promise<Docker.NetworkInspectInfo | undefined> {
    try {
        return (await connection.docker.getNetwork(id).inspect()) as Docker.NetworkInspectInfo;
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

/** The engine's filter matches parts of names. */
async function byName(connection: Connection, name: string): Promise<Docker.NetworkInspectInfo[]> {
    const list = await connection.docker.listNetworks({ filters: { name: [name] } });
    return list.filter((candidate) => candidate.Name === name);
}

function ipamConfigs(configs: PropertyValue): Docker.IPAM["Config"] {
    return (configs as PropertyMap[]).map((config) => ({
        ...(config.subnet ? { Subnet: config.subnet as string } : {}),
        ...(config.ipRange ? { IPRange: config.ipRange as string } : {}),
        ...(config.gateway ? { Gateway: config.gateway as string } : {}),
        ...(isMap(config.auxAddress) ? { AuxiliaryAddresses: config.auxAddress } : {}),
    })) as Docker.IPAM["Config"];
}

export function ipamOutputs(info: Docker.NetworkInspectInfo): PropertyValue[] {
    const configs = (info.IPAM?.Config ?? []) as {
        [key: string]: string | Record<string, string> | undefined;
    }[];
    return configs.map((config) => ({
        auxAddress: (config.AuxiliaryAddresses ?? {}) as Record<string, string>,
        gateway: (config.Gateway ?? "") as string,
        ipRange: (config.IPRange ?? "") as string,
        subnet: (config.Subnet ?? "") as string,
    }));
}

function outputsOf(info: Docker.NetworkInspectInfo): PropertyMap {
    const ipamOptions = (info.IPAM?.Options ?? {}) as Record<string, string>;
    return {
        [META_KEY]: `{"schema_version":"1"}`,
        id: info.Id,
        name: info.Name,
        labels: labelList(info.Labels),
        driver: info.Driver,
        options: (info.Options ?? {}) as Record<string, string>,
        internal: info.Internal,
        attachable: info.Attachable,
        ingress: info.Ingress,
        ipv6: info.EnableIPv6,
        ipamDriver: info.IPAM?.Driver ?? "default",
        ipamOptions: Object.keys(ipamOptions).length > 0 ? ipamOptions : null,
        ipamConfigs: ipamOutputs(info),
        scope: info.Scope,
    };
}
