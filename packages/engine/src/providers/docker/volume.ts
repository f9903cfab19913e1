import type Docker from "dockerode";

import { NothingMadeError, type PropertyMap, type PropertyValue, type ProviderContext } from "../../provider";
import { META_KEY, type Fields } from "../schema/types";
import type { Connection } from "./client";
import { isConflict, isNotFound, messageOf } from "./errors";
import {
    hasOwnName,
    labelList,
    labelMap,
    pause,
    sameLabels,
    showLabels,
    type DockerResource,
    type Made,
} from "./resource";

/** How long containers that were just removed may hold on to their volumes, in milliseconds. */
const REMOVE_TIMEOUT = 10_000;
const REMOVE_INTERVAL = 250;

const fields: Fields = {
    name: { kind: "string", replaces: true, computed: true },
    labels: {
        kind: "set",
        replaces: true,
        of: {
            kind: "object",
            fields: { label: { kind: "string", required: true }, value: { kind: "string", required: true } },
        },
    },
    driver: { kind: "string", replaces: true, computed: true },
    driverOpts: { kind: "map", replaces: true },
    cluster: { kind: "any", refused: "cluster volumes need Docker in swarm mode" },
};

/** `docker:index/volume:Volume` */
export const volume: DockerResource = {
    fields,
    autoname: true,
    schemaVersion: "1",
    deleteBeforeReplace: hasOwnName,

    create: makeVolume,

    async read(connection, _ctx, id, olds) {
        const found = await inspect(connection, id);
        return found && { inputs: olds?.inputs ?? { name: found.Name }, outputs: outputsOf(found) };
    },

    async delete(connection, ctx, id) {
        const deadline = Date.now() + REMOVE_TIMEOUT;
        for (;;) {
            try {
                // The real provider forces too: it lets a volume go whose driver has lost it.
                await connection.docker.getVolume(id).remove({ force: true, abortSignal: ctx.signal });
                return;
            } catch (error) {
                if (isNotFound(error)) return;
                if (!isConflict(error)) throw error;
                if (Date.now() > deadline) throw await inUse(connection, id, error);
            }
            await pause(ctx, REMOVE_INTERVAL);
        }
    },

    /** Making a volume is repeatable: the engine returns the one of that name, and waits for one that is being made. */
    recover: makeVolume,
};

async function makeVolume(connection: Connection, _ctx: ProviderContext, inputs: PropertyMap): Promise<Made> {
    const name = inputs.name as string;
    const labels = labelMap(inputs.labels);
    await connection.docker.createVolume({
        Name: name,
        Labels: labels,
        ...(inputs.driver ? { Driver: inputs.driver as string } : {}),
        ...(inputs.driverOpts ? { DriverOpts: inputs.driverOpts as Record<string, string> } : {}),
    });
    const info = await inspect(connection, name);
    if (!info) throw new Error(`The volume ${name} was removed while it was being made.`);
    // The engine silently returns an existing volume of that name, whoever made it.
    if (!sameLabels(info.Labels ?? {}, labels))
        throw new NothingMadeError(
            `A volume named ${name} exists, but it is not this stack's: its labels are ${showLabels(info.Labels ?? {})}, ` +
                `not ${showLabels(labels)}. It was left as it is. Choose another name, or remove it with "docker volume rm ${name}" if its data is not needed.`,
        );
    if (!sameOptions(info.Options, inputs.driverOpts))
        throw new NothingMadeError(
            `A volume named ${name} exists with other driver options: ${JSON.stringify(info.Options ?? {})}. ` +
                `It was left as it is. Choose another name, or remove it with "docker volume rm ${name}" if its data is not needed.`,
        );
    return { id: info.Name, outputs: outputsOf(info) };
}

async function inUse(connection: Connection, name: string, cause: unknown): Promise<Error> {
    const users = await connection.docker.listContainers({ all: true, filters: { volume: [name] } });
    const names = users.map((user) => user.Names[0]?.replace(/^\//, "") ?? user.Id.slice(0, 12));
    return new Error(
        `The volume ${name} is in use${names.length > 0 ? ` by ${names.join(", ")}` : `: ${messageOf(cause)}`}. Remove what uses it first.`,
        { cause },
    );
}

async function inspect(connection: Connection, name: string): Promise<Docker.VolumeInspectInfo | undefined> {
    try {
        return await connection.docker.getVolume(name).inspect();
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

function sameOptions(options: Record<string, string> | null, wanted: PropertyValue | undefined): boolean {
    return sameLabels(options ?? {}, (wanted ?? {}) as Record<string, string>);
}

function outputsOf(info: Docker.VolumeInspectInfo): PropertyMap {
    return {
        [META_KEY]: `{"schema_version":"1"}`,
        id: info.Name,
        name: info.Name,
        labels: labelList(info.Labels),
        driver: info.Driver,
        driverOpts: info.Options && Object.keys(info.Options).length > 0 ? info.Options : null,
        mountpoint: info.Mountpoint,
        cluster: null,
    };
}
