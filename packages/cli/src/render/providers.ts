/**
 * Providers that make nothing: what the program asks for is what there is, so that every value is known when the program has run, and the
 * objects are all in the state.
 */
import { createHash } from "node:crypto";

import type { PropertyMap, Provider, ProviderContext } from "@groundwork/engine";

import { bySortedKeys } from "./sorted";

/** Hex digits of a content hash in a name. */
const DIGITS = 10;

/** Kinds whose content makes their name where the program gives none: other content is another object. */
const NAMED_BY_CONTENT: Record<string, (inputs: PropertyMap) => unknown> = {
    ConfigMap: ({ data, binaryData }) => ({ data, binaryData }),
    Secret: ({ data, stringData, type }) => ({ data, stringData, type }),
    Job: ({ spec }) => ({ spec }),
};

export interface RenderedNames {
    /** False: a Secret is to be filled by somebody else, so that its name must not depend on what is in it. */
    withSecrets: boolean;
}

export function renderingKubernetes(names: RenderedNames): Provider {
    return {
        ...inert,
        name: "kubernetes",
        version: "4.0.0",
        types: [],
        refuses: () => undefined,
        check: (ctx, _olds, news) => Promise.resolve({ inputs: named(ctx, news, names), failures: [] }),
        create(_ctx, inputs) {
            const { name, namespace } = inputs["metadata"] as { name: string; namespace?: string };
            return Promise.resolve({ id: namespace === undefined ? name : `${namespace}/${name}`, outputs: inputs });
        },
    };
}

/** With the name that the program leaves to the provider: the same for the same content. */
function named(ctx: ProviderContext, inputs: PropertyMap, { withSecrets }: RenderedNames): PropertyMap {
    const metadata = (inputs["metadata"] ?? {}) as PropertyMap;
    if (typeof metadata["name"] === "string") return inputs;
    const kind = ctx.type.split(":").at(-1)!;
    const content = kind === "Secret" && !withSecrets ? undefined : NAMED_BY_CONTENT[kind]?.(inputs);
    const name = content === undefined ? ctx.name : `${ctx.name}-${hash(content)}`;
    return { ...inputs, metadata: { ...metadata, name } };
}

function hash(content: unknown): string {
    return createHash("sha256")
        .update(JSON.stringify(bySortedKeys(content)))
        .digest("hex")
        .slice(0, DIGITS);
}

/** The value of a generated secret, by its resource's URN. */
export type GeneratedSecret = (urn: string) => string | undefined;

/** What stands for a generated secret that has no value, e.g. `__POSTGRES_PASSWORD__`. Nothing in it is escaped in a URL. */
export const MARKER = /__[A-Z][A-Z0-9_]*__/;

/** Never invents a secret: a password that nobody keeps is a database that is lost. Those without a value are noted in `lacking`. */
export function renderingRandom(known: GeneratedSecret, lacking: Set<string>): Provider {
    return {
        ...inert,
        name: "random",
        version: "4.0.0",
        types: ["random:index/randomPassword:RandomPassword"],
        secretOutputs: { "random:index/randomPassword:RandomPassword": ["result"] },
        create(ctx, inputs) {
            const value = known(ctx.urn);
            if (value === undefined) lacking.add(ctx.name);
            return Promise.resolve({ id: "none", outputs: { ...inputs, result: value ?? marker(ctx.name) } });
        },
    };
}

/** `gw-dev-secrets-postgres-password` → `__POSTGRES_PASSWORD__` */
function marker(resource: string): string {
    const name = resource.replace(/^.*?-secrets-/, "");
    return `__${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}__`;
}

/** Everything is made anew, so that there is nothing to compare with, change or find. */
const inert: Pick<Provider, "check" | "diff" | "update" | "delete" | "read" | "recover"> = {
    check: (_ctx, _olds, news) => Promise.resolve({ inputs: news, failures: [] }),
    diff: () => Promise.resolve({ changed: false, replaces: [], deleteBeforeReplace: false, detailed: {} }),
    update: (_ctx, _id, { outputs }) => Promise.resolve({ outputs }),
    delete: () => Promise.resolve(),
    read: (_ctx, _id, olds) => Promise.resolve(olds),
    recover: () => Promise.resolve(undefined),
};
