import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

import * as grpc from "@grpc/grpc-js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

import type { PropertyMap } from "../../../../packages/engine/src/provider";

/** The two modules of `@pulumi/pulumi` that have no types. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const services = require("@pulumi/pulumi/proto/provider_grpc_pb.js") as {
    ResourceProviderClient: grpc.ServiceClientConstructor;
};
// eslint-disable-next-line @typescript-eslint/no-require-imports
const messages = require("@pulumi/pulumi/proto/provider_pb.js") as Record<string, new () => Message>;

interface Message {
    [method: string]: (...args: unknown[]) => never;
}

export interface RealProvider {
    check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<{ inputs: PropertyMap; failures: string[] }>;
    diff(
        urn: string,
        id: string,
        olds: { inputs: PropertyMap; outputs: PropertyMap },
        news: PropertyMap,
    ): Promise<{ changed: boolean; replaces: string[]; deleteBeforeReplace: boolean; properties: string[] }>;
    create(urn: string, inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }>;
    read(
        urn: string,
        id: string,
        olds: { inputs: PropertyMap; outputs: PropertyMap },
    ): Promise<{ inputs: PropertyMap; outputs: PropertyMap }>;
    delete(urn: string, id: string, outputs: PropertyMap): Promise<void>;
    stop(): void;
}

/** The plugin of a package on PATH or among Pulumi's own, in exactly this version where it says so. */
export function findPlugin(name: string, version: string): string | undefined {
    const binary = `pulumi-resource-${name}`;
    const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
    return [
        join(home, "plugins", `resource-${name}-v${version}`, binary),
        ...(process.env.PATH ?? "").split(delimiter).map((directory) => join(directory, binary)),
    ].find((path) => existsSync(path));
}

/** Speaks Pulumi's provider protocol to a real plugin. */
export async function startPlugin(binary: string): Promise<RealProvider> {
    const child = spawn(binary, [], { stdio: ["ignore", "pipe", "ignore"] });
    const port = await new Promise<string>((resolve, reject) => {
        child.once("error", reject);
        child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
        "grpc.max_receive_message_length": 1 << 26,
    });
    const call = (method: string, type: string, fields: Record<string, unknown>): Promise<Message> => {
        const request = new messages[type]!();
        for (const [setter, value] of Object.entries(fields)) request[setter]!(value);
        return new Promise((resolve, reject) => {
            const stub = (client as unknown as Record<string, (...args: unknown[]) => void>)[method]!;
            stub.call(client, request, (error: Error | null, answer: Message) =>
                error ? reject(error) : resolve(answer),
            );
        });
    };
    const struct = (value: PropertyMap): Struct => Struct.fromJavaScript(value as Record<string, JavaScriptValue>);
    const plain = (value: unknown): PropertyMap => (value as Struct).toJavaScript() as PropertyMap;
    await call("configure", "ConfigureRequest", { setArgs: struct({}) });

    return {
        async check(urn, olds, news) {
            const fields = {
                setUrn: urn,
                setOlds: struct(olds),
                setNews: struct(news),
                setRandomseed: Buffer.alloc(32),
            };
            const answer = await call("check", "CheckRequest", fields);
            const failures = answer.getFailuresList!() as { getReason(): string }[];
            return { inputs: plain(answer.getInputs!()), failures: failures.map((failure) => failure.getReason()) };
        },
        async diff(urn, id, olds, news) {
            const answer = await call("diff", "DiffRequest", {
                setUrn: urn,
                setId: id,
                setOldInputs: struct(olds.inputs),
                setOlds: struct(olds.outputs),
                setNews: struct(news),
            });
            return {
                changed: answer.getChanges!() === 2,
                replaces: [...new Set(answer.getReplacesList!() as string[])].sort(),
                deleteBeforeReplace: answer.getDeletebeforereplace!(),
                properties: (answer.getDiffsList!() as string[]).sort(),
            };
        },
        async create(urn, inputs) {
            const fields = { setUrn: urn, setProperties: struct(inputs), setTimeout: 60 };
            const answer = await call("create", "CreateRequest", fields);
            return { id: answer.getId!(), outputs: plain(answer.getProperties!()) };
        },
        async read(urn, id, olds) {
            const answer = await call("read", "ReadRequest", {
                setUrn: urn,
                setId: id,
                setInputs: struct(olds.inputs),
                setProperties: struct(olds.outputs),
            });
            return { inputs: plain(answer.getInputs!()), outputs: plain(answer.getProperties!()) };
        },
        async delete(urn, id, outputs) {
            await call("delete", "DeleteRequest", { setUrn: urn, setId: id, setProperties: struct(outputs) });
        },
        stop() {
            client.close();
            child.kill();
        },
    };
}
