import type { CheckFailure, Provider, ProviderContext } from "../../provider";
import { autoname } from "../autoname";
import { checkInputs } from "../schema/check";
import { diffResource } from "../schema/diff";
import { connect, openConnections, reaching, type Connection } from "./client";
import { container } from "./container";
import { settleContainers } from "./container/settle";
import { functions } from "./functions";
import { remoteImage } from "./image";
import { network } from "./network";
import type { DockerResource } from "./resource";
import { volume } from "./volume";

/** Longest name of the real provider's automatic names. */
const LONGEST_NAME = 255;

const resources: Record<string, DockerResource> = {
    "docker:index/container:Container": container,
    "docker:index/network:Network": network,
    "docker:index/volume:Volume": volume,
    "docker:index/remoteImage:RemoteImage": remoteImage,
};

/**
 * The docker package on the Docker engine's API: inputs, outputs, defaults and replacements are those of `@pulumi/docker`. It is
 * stricter where the real one is silent: what Docker cannot change on a living container (tmpfs, health check, init …) replaces it,
 * and what exists under a resource's name but was made by somebody else is never adopted or removed.
 */
export const dockerProvider: Provider = {
    name: "docker",
    version: "5.2.0",
    types: Object.keys(resources),

    async check(ctx, olds, news, seed) {
        const resource = resourceOf(ctx);
        const named = resource.autoname ? autoname(ctx.name, olds, news, seed, LONGEST_NAME) : undefined;
        const { inputs, failures } = checkInputs(resource.fields, named?.news ?? news, true);
        if (named?.automatic) (inputs.__defaults as string[]).push("name");
        (inputs.__defaults as string[]).sort();
        const more: CheckFailure[] = failures.length === 0 ? (resource.check?.(inputs) ?? []) : [];
        return { inputs, failures: [...failures, ...more] };
    },

    async diff(ctx, _id, olds, news) {
        const resource = resourceOf(ctx);
        const result = diffResource(resource.fields, olds, news);
        const deleteBeforeReplace = result.replaces.length > 0 && resource.deleteBeforeReplace(news);
        return { ...result, deleteBeforeReplace };
    },

    async create(ctx, inputs) {
        return on(ctx, (resource, connection) => resource.create(connection, ctx, inputs));
    },

    async update(ctx, id, olds, news) {
        return on(ctx, async (resource, connection) => {
            if (!resource.update) throw new Error(`${ctx.type} has nothing that can be updated in place`);
            return { outputs: await resource.update(connection, ctx, id, olds, news) };
        });
    },

    async delete(ctx, id, olds) {
        return on(ctx, (resource, connection) => resource.delete(connection, ctx, id, olds));
    },

    async read(ctx, id, olds) {
        return on(ctx, (resource, connection) => resource.read(connection, ctx, id, olds));
    },

    async recover(ctx, inputs) {
        return on(ctx, (resource, connection) => resource.recover(connection, ctx, inputs));
    },

    async settle(signal) {
        const all = await Promise.all(openConnections().map((connection) => settleContainers(connection, signal)));
        return all.flat();
    },

    async invoke(ctx, token, args) {
        const call = functions[token];
        if (!call)
            throw new Error(
                `The embedded engine does not have ${token}; it has ${Object.keys(functions).join(", ")}. Run with "--engine pulumi" for the rest.`,
            );
        const connection = connect(ctx.config);
        return reaching(connection, () => call(connection, args));
    },
};

function resourceOf(ctx: ProviderContext): DockerResource {
    const resource = resources[ctx.type];
    if (!resource)
        throw new Error(
            `The embedded engine does not have ${ctx.type}; it has ${Object.keys(resources).join(", ")}. Run with "--engine pulumi" for the rest.`,
        );
    return resource;
}

async function on<T>(
    ctx: ProviderContext,
    action: (resource: DockerResource, connection: Connection) => Promise<T>,
): Promise<T> {
    ctx.signal.throwIfAborted();
    const resource = resourceOf(ctx);
    const connection = connect(ctx.config);
    return reaching(connection, () => action(resource, connection));
}
