import type Docker from "dockerode";

import type { PropertyMap, ProviderContext } from "../../provider";
import { META_KEY, type Fields } from "../schema/types";
import { registryOf } from "./auth";
import { reaching, type Connection } from "./client";
import { isConflict, isNotFound, messageOf } from "./errors";
import { progress, type DockerResource } from "./resource";

const fields: Fields = {
    name: { kind: "string", required: true, replaces: true },
    keepLocally: { kind: "boolean" },
    forceRemove: { kind: "boolean" },
    pullTriggers: { kind: "set", of: { kind: "string" }, replaces: true },
    triggers: { kind: "map", replaces: true },
    platform: { kind: "string", replaces: true },
    build: { kind: "any", refused: `build the image before the run, e.g. with "docker build"` },
};

/** `docker:index/remoteImage:RemoteImage`: found locally first, else pulled. */
export const remoteImage: DockerResource = {
    fields,
    schemaVersion: undefined,
    deleteBeforeReplace: () => false,

    async create(connection, ctx, inputs) {
        const image = await findImage(connection, ctx, inputs.name as string, inputs.platform as string | undefined);
        return { id: image.Id + (inputs.name as string), outputs: outputsOf(image, inputs) };
    },

    async update(connection, ctx, _id, _olds, news) {
        const image = await findImage(connection, ctx, news.name as string, news.platform as string | undefined);
        return outputsOf(image, news);
    },

    async read(connection, _ctx, _id, olds) {
        if (olds === undefined) return undefined;
        const image = await inspectImage(connection, olds.outputs.name as string);
        return image && { inputs: olds.inputs, outputs: outputsOf(image, olds.outputs) };
    },

    async delete(connection, ctx, _id, olds) {
        if (olds.outputs.keepLocally === true) return;
        const name = olds.outputs.name as string;
        try {
            await connection.docker
                .getImage(name)
                .remove({ force: olds.outputs.forceRemove === true, abortSignal: ctx.signal });
        } catch (error) {
            if (isNotFound(error)) return;
            if (isConflict(error))
                throw new Error(
                    `The image ${name} cannot be removed: ${messageOf(error)}. Remove what uses it, or set keepLocally or forceRemove.`,
                    { cause: error },
                );
            throw error;
        }
    },

    /** A pull is repeatable and leaves nothing half-made: what is there is whole. */
    async recover(connection, _ctx, inputs) {
        const image = await inspectImage(connection, inputs.name as string);
        return image && { id: image.Id + (inputs.name as string), outputs: outputsOf(image, inputs) };
    },
};

/** Finds an image here, else pulls it; containers that need the same one share the pull. */
export async function findImage(
    connection: Connection,
    ctx: ProviderContext,
    reference: string,
    platform?: string,
): Promise<Docker.ImageInspectInfo> {
    const found = await inspectImage(connection, reference);
    if (found) return found;
    try {
        const key = `${reference} ${platform ?? ""}`;
        let pull = connection.pulls.get(key);
        if (!pull) {
            pull = pullImage(connection, ctx, reference, platform).finally(() => connection.pulls.delete(key));
            connection.pulls.set(key, pull);
        }
        await pull;
    } catch (error) {
        ctx.signal.throwIfAborted();
        throw new Error(
            `The image ${reference} is not on the Docker engine at ${connection.host}, and pulling it failed: ${messageOf(error)}. ` +
                `Pull it by hand ("docker pull ${reference}"), check its name, or build the local images: "gw up --images local".`,
            { cause: error },
        );
    }
    const pulled = await inspectImage(connection, reference);
    if (!pulled) throw new Error(`The image ${reference} was pulled, but the Docker engine does not have it.`);
    return pulled;
}

export async function inspectImage(
    connection: Connection,
    reference: string,
): Promise<Docker.ImageInspectInfo | undefined> {
    try {
        return await reaching(connection, () => connection.docker.getImage(reference).inspect());
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

async function pullImage(
    connection: Connection,
    ctx: ProviderContext,
    reference: string,
    platform: string | undefined,
): Promise<void> {
    if (reference.startsWith("sha256:")) throw new Error("an image id names no registry");
    // Without a tag the engine would pull every tag there is.
    const exact = /(:[^/]+|@sha256:[0-9a-f]+)$/.test(reference) ? reference : `${reference}:latest`;
    ctx.log(`pulling ${exact}`);
    const stream = await connection.docker.pull(exact, {
        ...(platform ? { platform } : {}),
        authconfig: connection.credentials.get(registryOf(reference)),
        abortSignal: ctx.signal,
    });
    const report = progress(ctx);
    const layers = new Map<string, string>();
    await new Promise<void>((resolve, reject) => {
        connection.docker.modem.followProgress(
            stream,
            (error) => (error ? reject(error) : resolve()),
            (event: { id?: string; status?: string }) => {
                if (event.id !== undefined) layers.set(event.id, event.status ?? "");
                const done = [...layers.values()].filter((status) => /complete|exists/i.test(status)).length;
                report(`pulling ${exact}: ${done} of ${layers.size} layers`);
            },
        );
    });
}

function outputsOf(image: Docker.ImageInspectInfo, inputs: PropertyMap): PropertyMap {
    const name = inputs.name as string;
    return {
        [META_KEY]: "{}",
        id: image.Id + name,
        name,
        imageId: image.Id,
        repoDigest: repoDigest(name, image.RepoDigests ?? []),
        build: null,
        forceRemove: inputs.forceRemove ?? null,
        keepLocally: inputs.keepLocally ?? null,
        platform: inputs.platform ?? null,
        pullTriggers: inputs.pullTriggers ?? null,
        triggers: inputs.triggers ?? null,
    };
}

/** The digest of the repository that the name speaks of; an image may carry those of several. */
function repoDigest(name: string, digests: string[]): string {
    if (digests.length <= 1) return digests[0] ?? "";
    const repository = name.replace(/@.*$/, "").replace(/:[^/:]+$/, "");
    return digests.find((digest) => digest.split("@", 1)[0] === repository) ?? digests[0]!;
}
