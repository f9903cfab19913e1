/** The pack as Pulumi runs it: a process of its own, asked over Pulumi's Analyzer protocol. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import analyzer, {
    type AnalyzeResponse,
    type AnalyzerInfo,
    type RemediateResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { PulumiResource } from "../../../policies/sources/pulumi";

export const PACK = join(__dirname, "../../../policies");
const LEVELS = ["advisory", "mandatory", "disabled", "remediate"];

export interface Diagnostic {
    policy: string;
    urn: string;
    level: string;
    message: string;
}

export class Pack {
    private constructor(
        private readonly process: ChildProcess,
        private readonly client: AnalyzerClient,
    ) {}

    /**
     * @param config of the stack, as `groundwork:environment`
     * @param byItself as the embedded engine starts it, without Pulumi's runner
     */
    static async start(config: Record<string, string>, byItself = false): Promise<Pack> {
        const run = byItself ? join(PACK, "launch.cjs") : require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
        const child = spawn(process.execPath, [run, "127.0.0.1:1", PACK], {
            cwd: PACK,
            env: { ...process.env, PULUMI_CONFIG: JSON.stringify(config) },
            stdio: ["ignore", "pipe", "inherit"],
        });
        const [port] = (await Promise.race([
            once(createInterface({ input: child.stdout }), "line"),
            once(child, "exit").then(([code]) => Promise.reject(new Error(`The pack ended with exit code ${code}.`))),
        ])) as [string];
        return new Pack(child, new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure()));
    }

    async stop(): Promise<void> {
        this.client.close();
        this.process.kill();
        await once(this.process, "exit");
    }

    info(): Promise<AnalyzerInfo> {
        return call((done) => this.client.getAnalyzerInfo(new Empty(), done));
    }

    configure(
        levels: Record<string, { level: number; properties: Record<string, string | number | boolean> }>,
    ): Promise<unknown> {
        const request = new analyzer.ConfigureAnalyzerRequest();
        for (const [policy, { level, properties }] of Object.entries(levels)) {
            const config = new analyzer.PolicyConfig()
                .setEnforcementlevel(level)
                .setProperties(Struct.fromJavaScript(properties));
            request.getPolicyconfigMap().set(policy, config);
        }
        return call((done) => this.client.configure(request, done));
    }

    async analyze(resource: PulumiResource): Promise<Diagnostic[]> {
        const request = filled(new analyzer.AnalyzeRequest(), resource);
        return diagnostics(await call((done) => this.client.analyze(request, done)));
    }

    /** What the pack makes of a resource; undefined: nothing. */
    async remediate(resource: PulumiResource): Promise<unknown> {
        const request = filled(new analyzer.AnalyzeRequest(), resource);
        const response = await call<RemediateResponse>((done) => this.client.remediate(request, done));
        return response.getRemediationsList().at(-1)?.getProperties()?.toJavaScript();
    }

    async analyzeStack(resources: PulumiResource[]): Promise<Diagnostic[]> {
        const request = new analyzer.AnalyzeStackRequest().setResourcesList(
            resources.map((resource) => {
                const message = filled(new analyzer.AnalyzerResource(), resource);
                for (const [key, urns] of Object.entries(resource.propertyDependencies ?? {})) {
                    const from = new analyzer.AnalyzerPropertyDependencies().setUrnsList([...urns]);
                    message.getPropertydependenciesMap().set(key, from);
                }
                return message;
            }),
        );
        return diagnostics(await call((done) => this.client.analyzeStack(request, done)));
    }
}

function filled<
    M extends InstanceType<typeof analyzer.AnalyzeRequest> | InstanceType<typeof analyzer.AnalyzerResource>,
>(message: M, { type, name, urn, props, opts }: PulumiResource): M {
    message.setType(type);
    message.setName(name);
    message.setUrn(urn);
    message.setProperties(Struct.fromJavaScript(props as Parameters<typeof Struct.fromJavaScript>[0]));
    message.setOptions(new analyzer.AnalyzerResourceOptions().setProtect(opts.protect ?? false));
    return message;
}

function diagnostics(response: AnalyzeResponse): Diagnostic[] {
    return response.getDiagnosticsList().map((diagnostic) => ({
        policy: diagnostic.getPolicyname(),
        urn: diagnostic.getUrn(),
        level: LEVELS[diagnostic.getEnforcementlevel()]!,
        message: diagnostic.getMessage(),
    }));
}

function call<T>(make: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
        make((error, response) => (error ? reject(error) : resolve(response)));
    });
}
