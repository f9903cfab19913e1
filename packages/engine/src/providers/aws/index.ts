import type { Provider, ProviderContext } from "../../provider";
import { autoname } from "../autoname";
import { checkInputs } from "../schema/check";
import { diffResource } from "../schema/diff";
import type * as Resources from "./resources";
import type { AwsResource } from "./resource";
import type { Clients } from "./client";
import { TYPES } from "./types";

/**
 * The aws package for the types that a backup bucket is made of, on AWS's own clients, against an endpoint that the provider names: inputs
 * and outputs are those of `@pulumi/aws`. AWS itself is for the Pulumi CLI.
 *
 * The clients take a third of a second to load, and most runs have no bucket: they are loaded with the first resource.
 */
export const awsProvider: Provider = {
    name: "aws",
    version: "7.48.0",
    types: TYPES,
    secretOutputs: { "aws:iam/accessKey:AccessKey": ["secret", "sesSmtpPasswordV4"] },

    async check(ctx, olds, news, seed) {
        const { resource } = await resourceOf(ctx);
        const naming = resource.autoname;
        const name = naming?.lowerCase ? ctx.name.toLowerCase() : ctx.name;
        const named = naming && autoname(name, olds, news, seed, naming.longest, naming.property);
        const { inputs, failures } = checkInputs(resource.fields, named?.news ?? news, true);
        if (naming && named?.automatic) (inputs.__defaults as string[]).push(naming.property);
        (inputs.__defaults as string[]).sort();
        const more = failures.length === 0 ? (resource.check?.(inputs) ?? []) : [];
        return { inputs, failures: [...failures, ...more] };
    },

    async diff(ctx, _id, olds, news) {
        const { resource } = await resourceOf(ctx);
        const result = diffResource(resource.fields, olds, news);
        const automatic = resource.autoname && (news.__defaults as string[]).includes(resource.autoname.property);
        const deleteBeforeReplace = result.replaces.length > 0 && (resource.deleteBeforeReplace ?? !automatic);
        return { ...result, deleteBeforeReplace };
    },

    async create(ctx, inputs) {
        return on(ctx, "to create", (resource, clients) => resource.create(clients, ctx, inputs));
    },

    async update(ctx, id, olds, news) {
        return on(ctx, "to update", async (resource, clients) => {
            if (!resource.update) throw new Error(`${ctx.type} has nothing that can be updated in place`);
            return { outputs: await resource.update(clients, ctx, id, olds, news) };
        });
    },

    async delete(ctx, id, olds) {
        return on(ctx, "to delete", (resource, clients) => resource.delete(clients, ctx, id, olds));
    },

    async read(ctx, id, olds) {
        return on(ctx, "to read", (resource, clients) => resource.read(clients, ctx, id, olds));
    },

    async recover(ctx, inputs) {
        return on(ctx, "to look for", (resource, clients) => resource.recover(clients, ctx, inputs));
    },
};

async function resourceOf(ctx: ProviderContext): Promise<{ resource: AwsResource; module: typeof Resources }> {
    const module = await import("./resources.js");
    const resource = module.RESOURCES[ctx.type];
    if (!resource)
        throw new Error(
            `The embedded engine does not have ${ctx.type}; it has ${TYPES.join(", ")}. Run with "--engine pulumi" for the rest.`,
        );
    return { resource, module };
}

async function on<T>(
    ctx: ProviderContext,
    what: string,
    action: (resource: AwsResource, clients: Clients) => Promise<T>,
): Promise<T> {
    ctx.signal.throwIfAborted();
    const { resource, module } = await resourceOf(ctx);
    const clients = module.connect(ctx.config);
    return module.reaching(clients.endpoint(resource.service), `${what} ${ctx.name} (${ctx.type})`, () =>
        action(resource, clients),
    );
}
