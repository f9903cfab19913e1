/** Pulumi's ResourceMonitor and Engine services, as far as a program calls them. */
import type { ServiceError } from "@grpc/grpc-js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import type {
    ReadResourceRequest,
    RegisterResourceOutputsRequest,
    RegisterResourceRequest,
    ResourceInvokeRequest,
    SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Message } from "google-protobuf";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { CancelledError } from "./api";
import type { Deployment, Registered } from "./deployment";
import { StepError } from "./executor";
import { bareGoal, readGoal, toProperties, unsupportedError } from "./goal";
import { HaltedError } from "./halt";
import { fromProgram, plain } from "./properties";
import type { PropertyMap } from "./provider";
import { proto } from "./proto";
import { errorMessage, limited, type Run } from "./run";
import type { Answer } from "./server";
import { packageOf } from "./urn";

/** Features that the SDK asks for. Those that are refused are claimed all the same, so that the refusal can say what it is about. */
const FEATURES = new Set([
    "secrets",
    "resourceReferences",
    "deletedWith",
    "replaceWith",
    "aliasSpecs",
    "transforms",
    "invokeTransforms",
    "resourceHooks",
    "errorHooks",
]);

type Handler = (request: never) => Promise<Message> | Message;

export class Monitor {
    /** The program said that it has registered everything. */
    finished = false;
    /** Errors that the program logged. */
    readonly errors: string[] = [];
    private readonly working = new Set<Promise<unknown>>();

    constructor(
        private readonly run: Run,
        private readonly deployment: Deployment,
    ) {}

    /** Resolves when no request is being worked on. */
    async idle(): Promise<void> {
        while (this.working.size > 0) await Promise.allSettled(this.working);
    }

    /** Answers a request of either service; what goes wrong is in the answer. */
    answer: Answer = async (method, request) => {
        const handler = this.handlers[method];
        if (!handler)
            return {
                error: {
                    code: proto().grpc.status.UNIMPLEMENTED,
                    details: `The embedded engine does not know ${method}.`,
                },
            };
        const work = (async () => handler(request as never))();
        this.working.add(work);
        try {
            return { response: await work };
        } catch (error) {
            return { error: method === "invoke" ? this.programError(error) : this.fail(error) };
        } finally {
            this.working.delete(work);
        }
    };

    private readonly handlers: Record<string, Handler> = {
        supportsFeature: (request: SupportsFeatureRequest) =>
            new (proto().resource.SupportsFeatureResponse)().setHassupport(FEATURES.has(request.getId())),
        registerResource: (request: RegisterResourceRequest) => this.registerResource(request),
        registerResourceOutputs: (request: RegisterResourceOutputsRequest) => {
            const outputs = fromProgram(
                toProperties(request.getOutputs()),
                request.getUrn(),
                this.run.project.programDir,
            );
            this.deployment.registerOutputs(request.getUrn(), outputs);
            return new (proto().empty.Empty)();
        },
        readResource: (request: ReadResourceRequest) => this.readResource(request),
        invoke: (request: ResourceInvokeRequest) => this.invoke(request),
        signalAndWaitForShutdown: () => {
            this.finished = true;
            return new (proto().empty.Empty)();
        },
        call: () => refuse("a method of a provider's resource"),
        registerStackTransform: () => refuse("a stack transform"),
        registerStackInvokeTransform: () => refuse("an invoke transform"),
        registerResourceHook: () => refuse("a resource hook"),
        registerErrorHook: () => refuse("an error hook"),
        registerPackage: () => refuse("a parameterized provider"),
        log: (request: LogRequest) => this.log(request),
        getRootResource: () => new (proto().engine.GetRootResourceResponse)().setUrn(this.deployment.rootUrn),
        setRootResource: () => new (proto().engine.SetRootResourceResponse)(),
        requirePulumiVersion: () => new (proto().engine.RequirePulumiVersionResponse)(),
    };

    /** A request that fails ends the run; the program is only told that it is over. */
    private fail(error: unknown): Partial<ServiceError> {
        const message = errorMessage(this.run, error);
        if (error instanceof CancelledError) this.run.halt.cancel();
        else if (error instanceof RequestError) {
            this.run.reporter.diagnostic("error", message, error.urn);
            this.run.halt.fail(error.urn, message);
        } else if (!(error instanceof HaltedError || error instanceof StepError)) {
            this.run.reporter.diagnostic("error", message);
            this.run.halt.abort(error instanceof Error ? error : new Error(message));
        }
        return { code: proto().grpc.status.UNAVAILABLE, details: message };
    }

    /** What goes wrong in a function is the program's to handle. */
    private programError(error: unknown): Partial<ServiceError> {
        if (error instanceof HaltedError || error instanceof StepError || error instanceof CancelledError)
            return this.fail(error);
        return { code: proto().grpc.status.UNKNOWN, details: errorMessage(this.run, error) };
    }

    private async registerResource(request: RegisterResourceRequest): Promise<Message> {
        const { resource } = proto();
        const { state } = await this.attributed(request.getType(), request.getName(), request.getParent(), () =>
            this.deployment.register(readGoal(request, this.run.project.programDir)),
        );
        return new resource.RegisterResourceResponse()
            .setUrn(state.urn)
            .setId(state.id ?? "")
            .setObject(toStruct(state.outputs ?? state.inputs ?? {}))
            .setResult(resource.Result.SUCCESS);
    }

    private async readResource(request: ReadResourceRequest): Promise<Message> {
        const { resource } = proto();
        const { state } = await this.attributed(request.getType(), request.getName(), request.getParent(), () => {
            if (request.getType() === "pulumi:pulumi:StackReference")
                throw unsupportedError(`"${request.getName()}"`, "a StackReference");
            const inputs = fromProgram(
                toProperties(request.getProperties()),
                request.getName(),
                this.run.project.programDir,
            );
            const goal = {
                ...bareGoal(request.getType(), request.getName(), request.getVersion(), inputs),
                parent: request.getParent(),
                provider: request.getProvider(),
                dependencies: request.getDependenciesList().toSorted(),
                additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
            };
            return this.deployment.read(goal, request.getId());
        });
        return new resource.ReadResourceResponse().setUrn(state.urn).setProperties(toStruct(state.outputs ?? {}));
    }

    /** Puts the resource's URN to what goes wrong before there is a step. */
    private async attributed(
        type: string,
        name: string,
        parent: string,
        action: () => Promise<Registered>,
    ): Promise<Registered> {
        try {
            return await action();
        } catch (error) {
            if (
                error instanceof HaltedError ||
                error instanceof StepError ||
                error instanceof CancelledError ||
                error instanceof RequestError
            )
                throw error;
            throw new RequestError(this.deployment.urnOf(type, name, parent), error);
        }
    }

    private async invoke(request: ResourceInvokeRequest): Promise<Message> {
        const token = request.getTok();
        const args = toProperties(request.getArgs());
        const result =
            token === "pulumi:pulumi:getResource"
                ? this.getResource(args)
                : await this.callFunction(request, token, args);
        return new (proto().provider.InvokeResponse)().setReturn(toStruct(result));
    }

    private async callFunction(request: ResourceInvokeRequest, token: string, args: PropertyMap): Promise<PropertyMap> {
        const { run } = this;
        const pkg = packageOf(token);
        const reference = request.getProvider() || (await this.deployment.defaultProvider(pkg, request.getVersion()));
        const provider = run.providers.forPackage(pkg);
        if (!provider.invoke) throw unsupportedError("The program", `the function ${token}`);
        const context = {
            urn: "",
            name: token,
            type: token,
            config: run.providers.config(reference, run.store),
            log: (message: string, severity: "info" | "warning" | "debug" = "info") =>
                run.reporter.diagnostic(severity, message),
            signal: run.terminate,
        };
        return limited(run, () => provider.invoke!(context, token, plain(args)));
    }

    private getResource(args: PropertyMap): PropertyMap {
        const urn = String(args["urn"]);
        const state = this.deployment.registered.get(urn)?.result?.state;
        if (!state) throw new Error(`The resource ${urn} is not registered.`);
        return { urn, id: state.id ?? "", state: state.outputs ?? {} };
    }

    private log(request: LogRequest): Message {
        const said = (["debug", "info", "warning", "error"] as const)[request.getSeverity()] ?? "info";
        const severity = this.isConsequence(request.getMessage()) ? "debug" : said;
        if (severity !== "debug") {
            this.run.reporter.diagnostic(
                severity,
                request.getMessage(),
                request.getUrn() || this.deployment.rootUrn,
                request.getEphemeral(),
            );
        }
        if (severity === "error") this.errors.push(this.run.scrubber.scrub(request.getMessage()));
        return new (proto().empty.Empty)();
    }

    /** After a step has failed the SDK hangs up, and says so, with a stack trace, of each resource that it was about to register. */
    private isConsequence(message: string): boolean {
        return this.run.halt.active && message.includes("Channel has been shut down");
    }
}

function refuse(what: string): never {
    throw unsupportedError("The program", what);
}

/** Something is wrong with one resource, before there is a step for it. */
class RequestError extends Error {
    constructor(
        readonly urn: string,
        cause: unknown,
    ) {
        super(cause instanceof Error ? cause.message : String(cause), { cause });
        this.name = "RequestError";
    }
}

function toStruct(map: PropertyMap): Struct {
    return proto().struct.Struct.fromJavaScript(map);
}
