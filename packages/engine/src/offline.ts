/**
 * The engine's providers without what they reach: they check and compare as ever, and what they make is only said to be there. For plans
 * between two revisions of a program, where nobody asks a cluster, a Docker engine or a cloud.
 */
import { createHash } from "node:crypto";

import { type PropertyMap, type Provider, type ProviderContext, UNKNOWN } from "./provider";
import { builtinProviders } from "./providers";

interface Simulation {
    id: string;
    /** Beside the inputs, which every resource gives back. */
    outputs?: PropertyMap;
}

/**
 * @param occasion names drawn on one occasion differ from those of another, so that a replacement has a name of its own; on the same
 * occasion they are the same in every run, and for the same resource in every stack
 */
export function offlineProviders(occasion: string): Provider[] {
    return builtinProviders().map((provider) => offline(provider, occasion));
}

function offline(real: Provider, occasion: string): Provider {
    const simulate = SIMULATIONS[real.name];
    if (!simulate) throw new Error(`Nobody has said what the provider "${real.name}" makes where it reaches nothing.`);
    return {
        ...real,
        check: (ctx, olds, news) => real.check(unconnected(real, ctx), olds, news, digest(occasion, ctx)),
        diff: (ctx, id, olds, news) => real.diff(unconnected(real, ctx), id, olds, news),
        create(ctx, inputs) {
            const { id, outputs } = simulate(ctx, inputs);
            return Promise.resolve({ id, outputs: { ...inputs, ...outputs } });
        },
        update: (_ctx, _id, olds, news) => Promise.resolve({ outputs: { ...olds.outputs, ...news } }),
        delete: () => Promise.resolve(),
        read: (ctx) => Promise.reject(reaches(`The program reads ${ctx.type} "${ctx.name}"`)),
        recover: () => Promise.resolve(undefined),
        settle: undefined,
        invoke: (_ctx, token) => Promise.reject(reaches(`The program calls ${token}`)),
    };
}

function reaches(what: string): Error {
    return new Error(`${what}, which needs what really runs: it can be previewed, but not planned offline.`);
}

/** A cluster that is not known yet is not asked: then the provider goes by what it knows of Kubernetes itself. */
function unconnected(real: Provider, ctx: ProviderContext): ProviderContext {
    return real.name === "kubernetes" ? { ...ctx, config: { ...ctx.config, kubeconfig: UNKNOWN } } : ctx;
}

/** By package: what a resource is said to be once it is made. */
const SIMULATIONS: Record<string, (ctx: ProviderContext, inputs: PropertyMap) => Simulation> = {
    docker: simulateDocker,
    kubernetes: simulateKubernetes,
    random: simulateRandom,
    command: ({ name }) => ({ id: name, outputs: { stdout: "", stderr: "" } }),
    aws: simulateAws,
};

function simulateDocker(ctx: ProviderContext, inputs: PropertyMap): Simulation {
    const name = String(inputs.name);
    switch (ctx.type) {
        case "docker:index/volume:Volume":
            return { id: name, outputs: { mountpoint: `/var/lib/docker/volumes/${name}/_data` } };
        case "docker:index/remoteImage:RemoteImage": {
            // Another reference is another image; whether a tag has moved nobody knows here.
            const imageId = `sha256:${sha256(name).toString("hex")}`;
            const repository = name.replace(/@.*$/, "").replace(/:[^/:]+$/, "");
            return { id: imageId + name, outputs: { imageId, repoDigest: `${repository}@${imageId}` } };
        }
        default:
            return { id: digest("docker", ctx).toString("hex") };
    }
}

function simulateKubernetes(_ctx: ProviderContext, inputs: PropertyMap): Simulation {
    const { name, namespace } = inputs.metadata as { name: string; namespace?: string };
    return { id: namespace === undefined ? name : `${namespace}/${name}` };
}

/** What is drawn here is used nowhere: nothing is made with it. */
function simulateRandom(ctx: ProviderContext, inputs: PropertyMap): Simulation {
    const bytes = digest("random", ctx);
    const hex = bytes.toString("hex");
    const length = typeof inputs.length === "number" ? inputs.length : hex.length;
    const result = hex.repeat(Math.ceil(length / hex.length)).slice(0, length);
    switch (ctx.type) {
        case "random:index/randomId:RandomId": {
            const [b64Std, b64Url] = [bytes.toString("base64"), bytes.toString("base64url")];
            return { id: b64Url, outputs: { hex, b64Std, b64Url, dec: BigInt(`0x${hex}`).toString() } };
        }
        case "random:index/randomBytes:RandomBytes":
            return { id: "none", outputs: { base64: bytes.toString("base64"), hex } };
        case "random:index/randomString:RandomString":
            return { id: result, outputs: { result } };
        default:
            return { id: "none", outputs: { result, bcryptHash: `$2a$10$${hex.slice(0, 53)}` } };
    }
}

function simulateAws(ctx: ProviderContext, inputs: PropertyMap): Simulation {
    const [service, type] = [ctx.type.split(/[:/]/)[1]!, ctx.type.split(":").at(-1)!];
    const named = [inputs.bucket, inputs.name, inputs.user].find((each) => typeof each === "string");
    const name = String(named ?? ctx.name);
    const drawn = digest("aws", ctx).toString("hex");
    const region = inputs.region ?? "us-east-1";
    switch (type) {
        case "Bucket":
            return { id: name, outputs: { id: name, arn: `arn:aws:s3:::${name}`, region } };
        case "Key":
            return { id: drawn, outputs: { id: drawn, keyId: drawn, arn: `arn:aws:kms:::key/${drawn}`, region } };
        case "AccessKey":
            return { id: drawn, outputs: { id: drawn, secret: drawn } };
        default:
            return { id: name, outputs: { id: name, arn: `arn:aws:${service}:::${type.toLowerCase()}/${name}` } };
    }
}

/** A digest of a resource's URN, the same whichever stack the resource is in. */
function digest(purpose: string, { urn }: ProviderContext): Buffer {
    const stack = /^urn:pulumi:(.*?)::/s.exec(urn)?.[1] ?? "";
    return sha256(`${purpose}\0${stack === "" ? urn : urn.replaceAll(stack, "*")}`);
}

function sha256(text: string): Buffer {
    return createHash("sha256").update(text).digest();
}
