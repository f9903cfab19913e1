/**
 * Runs components on Pulumi's mocks and records every registration as the engine would receive it: inputs, and the options that mocks
 * alone do not show (parent, dependencies, protect and the like).
 *
 * What no test on mocks can prove: what a provider checks, defaults, names or reads back, what a diff replaces, and that two
 * resources do not have the same URN. The engine's and the end-to-end tests are for that.
 */
import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";

const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Stands for a secret in recorded inputs. */
interface SecretValue {
    secret: unknown;
}

export interface Registration {
    type: string;
    name: string;
    custom: boolean;
    inputs: Record<string, unknown>;
    /** Name of the resource that it is a part of; absent: the stack. */
    parent?: string;
    /** Names of the resources that it waits for. */
    dependencies: string[];
    protect: boolean;
    retainOnDelete: boolean;
    /** Absent: the provider decides. */
    deleteBeforeReplace?: boolean;
    /** How long a run waits for it to be made, e.g. `300s`. Absent: as long as the provider says. */
    createTimeout?: string;
    ignoreChanges: string[];
    replaceOnChanges: string[];
    additionalSecretOutputs: string[];
    aliases: number;
    /** What it registered at its end; absent: it did not. */
    outputs?: Record<string, unknown>;
}

interface RegisterRequest {
    getType(): string;
    getName(): string;
    getCustom(): boolean;
    getParent(): string;
    getDependenciesList(): string[];
    getProtect(): boolean;
    getRetainondelete(): boolean;
    getDeletebeforereplace(): boolean;
    getDeletebeforereplacedefined(): boolean;
    getCustomtimeouts(): { getCreate(): string } | undefined;
    getIgnorechangesList(): string[];
    getReplaceonchangesList(): string[];
    getAdditionalsecretoutputsList(): string[];
    getAliasesList(): unknown[];
    getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

interface RegisterOutputsRequest {
    getUrn(): string;
    getOutputs(): { toJavaScript(): Record<string, unknown> } | undefined;
}

interface Monitor {
    registerResource(request: RegisterRequest, callback: unknown): void;
    registerResourceOutputs(request: RegisterOutputsRequest, callback: unknown): void;
}

/** What a program registered, in order. */
export class Recording {
    constructor(readonly all: Registration[]) {}

    /** Exactly one has this name (and type, where names repeat). */
    one(name: string, type?: string): Registration {
        const found = this.all.filter((r) => r.name === name && (type === undefined || r.type === type));
        if (found.length !== 1) {
            throw new Error(
                `${found.length} resources are named ${name}; there are ${this.all.map((r) => r.name).join(", ")}`,
            );
        }
        return found[0]!;
    }

    ofType(type: string): Registration[] {
        return this.all.filter((r) => r.type === type);
    }

    /** How many there are of each type. */
    counts(): Record<string, number> {
        const counts: Record<string, number> = {};
        for (const { type } of this.all) {
            counts[type] = (counts[type] ?? 0) + 1;
        }
        return counts;
    }

    /** Everything that a state file would hold in plain text: inputs without their secrets. */
    plainText(): string {
        return JSON.stringify(
            this.all.map((r) => r.inputs),
            (_, value: unknown) => (isSecretValue(value) ? "[secret]" : value),
        );
    }
}

/** Runs `build` and waits until everything that it made is registered. */
export async function record<T>(build: () => T, options: { preview?: boolean } = {}): Promise<[T, Recording]> {
    const registrations: Registration[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: (args) => ({ id: `${args.name}-id`, state: { ...args.inputs, ...computed(args) } }),
            call: (args) => {
                throw new Error(`the program calls ${args.token}, which no test expects`);
            },
        },
        "groundwork",
        "test",
        options.preview ?? false,
    );
    const monitor = settings.getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    let calls = 0;
    monitor.registerResource = (request, callback) => {
        calls++;
        registrations.push(registration(request));
        register(request, callback);
    };
    const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request, callback) => {
        calls++;
        const component = registrations.find((r) => r.name === nameOf(request.getUrn()) && !r.custom)!;
        component.outputs = readable(request.getOutputs()?.toJavaScript() ?? {}) as Record<string, unknown>;
        registerOutputs(request, callback);
    };
    const result = build();
    await settled(() => calls);
    return [result, new Recording(registrations)];
}

/** The value of an output, and whether it is secret. */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
    const value = await new Promise<T>((resolve) => output.apply((v) => resolve(v as T)));
    return { value, secret: await pulumi.isSecret(output) };
}

export function secret(value: unknown): SecretValue {
    return { secret: value };
}

/** Turns of the event loop without a call after which nothing is left: on mocks nothing waits for anything else. */
const QUIET_TURNS = 25;

async function settled(calls: () => number): Promise<void> {
    let seen = -1;
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
        if (calls() !== seen) {
            seen = calls();
            quiet = 0;
        }
        await new Promise((resolve) => setImmediate(resolve));
    }
}

function registration(request: RegisterRequest): Registration {
    return {
        type: request.getType(),
        name: request.getName(),
        custom: request.getCustom(),
        inputs: readable(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
        ...(request.getParent() && { parent: nameOf(request.getParent()) }),
        dependencies: [...new Set(request.getDependenciesList().map(nameOf))].sort(),
        protect: request.getProtect(),
        retainOnDelete: request.getRetainondelete(),
        ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
        ...(request.getCustomtimeouts() && { createTimeout: request.getCustomtimeouts()!.getCreate() }),
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        aliases: request.getAliasesList().length,
    };
}

function nameOf(urn: string): string {
    return urn.split("::").at(-1)!;
}

function readable(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(readable);
    }
    if (typeof value === "object" && value !== null) {
        const record = value as Record<string, unknown>;
        if (SECRET_SIGNATURE in record) {
            return secret(readable(record.value));
        }
        return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, readable(inner)]));
    }
    return value;
}

function isSecretValue(value: unknown): value is SecretValue {
    return typeof value === "object" && value !== null && Object.keys(value).join() === "secret";
}

/** Outputs that the real providers compute. */
function computed(args: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
    switch (args.type) {
        case "docker:index/remoteImage:RemoteImage":
            return { imageId: `sha256:${args.name}` };
        case "docker:index/volume:Volume":
        case "docker:index/container:Container":
            return { name: (args.inputs as { name?: string }).name ?? `${args.name}-0a1b2c3` };
        case "kubernetes:core/v1:Secret":
        case "kubernetes:core/v1:ConfigMap":
        case "kubernetes:batch/v1:Job":
            return named(args);
        case "aws:s3/bucket:Bucket":
            return { arn: `arn:aws:s3:::${args.name}`, bucket: args.name };
        case "aws:kms/key:Key":
        case "aws:iam/role:Role":
            return { arn: `arn:aws:${args.name}`, name: args.name };
        case "aws:iam/user:User":
            return { name: args.name };
        case "aws:iam/accessKey:AccessKey":
            return { secret: `secret key of ${args.name}` };
        case "random:index/randomPassword:RandomPassword":
            return { result: `password of ${args.name}` };
        default:
            return {};
    }
}

/** With the name that the provider makes where there is none. */
function named({ name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
    const { metadata } = inputs as { metadata: { name?: string } };
    return { metadata: { name: `${name}-0a1b2c3`, ...metadata } };
}
