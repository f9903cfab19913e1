/** What the tests of the docker provider make resources with, each under a name of its own. */
import Docker from "dockerode";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";

import type { PropertyMap, ProviderContext } from "../../../../packages/engine/src/provider";
import { dockerProvider } from "../../../../packages/engine/src/providers/docker/index";
import { buildTinyImage } from "./tiny-image";

export const PREFIX = `gw-provider-${process.pid}`;
export const IMAGE = `${PREFIX}:1`;
export const CANARY = "canary-4f1d0c";
export const docker = new Docker();

let counter = 0;

export const name = (what: string): string => `${PREFIX}-${what}-${++counter}`;

interface TestContext extends ProviderContext {
    messages: string[];
}

export function contextOf(type: string, extra: Partial<ProviderContext> = {}): TestContext {
    const messages: string[] = [];
    const token = `docker:index/${type}:${type[0]!.toUpperCase()}${type.slice(1)}`;
    return {
        urn: `urn:pulumi:test::${PREFIX}::${token}::thing`,
        name: "thing",
        type: token,
        config: {},
        log: (message) => messages.push(message),
        signal: new AbortController().signal,
        messages,
        ...extra,
    };
}

export async function checked(ctx: ProviderContext, news: PropertyMap): Promise<PropertyMap> {
    const { inputs, failures } = await dockerProvider.check(ctx, undefined, news, Buffer.alloc(32, counter));
    expect(failures).toEqual([]);
    return inputs;
}

export async function make(type: string, news: PropertyMap, extra: Partial<ProviderContext> = {}) {
    const ctx = contextOf(type, extra);
    const inputs = await checked(ctx, news);
    const made = await dockerProvider.create(ctx, inputs);
    return {
        ctx,
        inputs,
        ...made,
        remove: () => dockerProvider.delete(ctx, made.id, { inputs, outputs: made.outputs }),
    };
}

export const container = (what: string, news: PropertyMap = {}): PropertyMap => ({
    name: name(what),
    image: IMAGE,
    command: ["sleep", "300"],
    ...news,
});

export async function exists(containerName: unknown): Promise<boolean> {
    const list = await docker.listContainers({ all: true });
    return list.some((entry) => entry.Names.includes(`/${String(containerName)}`));
}

export async function run(id: string, ...command: string[]): Promise<string> {
    const exec = await docker.getContainer(id).exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({ Tty: true } as Docker.ExecStartOptions);
    let output = "";
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await new Promise((resolve) => stream.on("end", resolve));
    return output.replaceAll("\r", "");
}

export async function failure(action: Promise<unknown>): Promise<string> {
    const error: unknown = await action.then(
        () => new Error("it did not fail"),
        (thrown: unknown) => thrown,
    );
    return (error as Error).message;
}

async function sweep(): Promise<void> {
    for (const entry of await docker.listContainers({ all: true }))
        if (entry.Names.some((entryName) => entryName.startsWith(`/${PREFIX}-`)))
            await docker.getContainer(entry.Id).remove({ force: true, v: true });
    for (const entry of await docker.listNetworks())
        if (entry.Name.startsWith(`${PREFIX}-`)) await docker.getNetwork(entry.Id).remove();
    for (const entry of (await docker.listVolumes()).Volumes)
        if (entry.Name.startsWith(`${PREFIX}-`)) await docker.getVolume(entry.Name).remove();
}

/** An image to make containers of, and no test without an engine; afterwards nothing is left. */
export function onDockerEngine(): void {
    let answers = false;
    beforeAll(async () => {
        answers = await docker.ping().then(
            () => true,
            () => false,
        );
        if (!answers) return;
        // Of a run that was killed, whose number this process has now.
        await sweep();
        await buildTinyImage(docker, IMAGE);
    });

    beforeEach((test) => {
        if (!answers) test.skip("no Docker engine answers");
    });

    afterAll(async () => {
        if (!answers) return;
        await sweep();
        await docker.getImage(IMAGE).remove({ force: true });
    });
}
