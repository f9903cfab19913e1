/** Has policy packs judge resources: each before its step, all of them at the end. */
import type { ServiceError } from "@grpc/grpc-js";
import type { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type {
    AnalyzeDiagnostic,
    AnalyzeRequest,
    AnalyzeResponse,
    AnalyzerInfo,
    AnalyzerResource,
    RemediateResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { Message } from "google-protobuf";

import { type Goal, toProperties } from "./goal";
import { HaltedError } from "./halt";
import type { PolicyPackProcess } from "./policy-pack";
import { withoutReferences, withSecretsOf } from "./properties";
import type { PropertyMap } from "./provider";
import { policyProto, proto } from "./proto";
import type { Run } from "./run";
import type { State } from "./state/store";
import { nameOf, providerUrn, typeOf } from "./urn";

interface JudgedResource {
    state: State;
    goal: Goal;
}

/** In the order of the protocol's numbers. */
const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;
const SEVERITIES = [undefined, "low", "medium", "high", "critical"] as const;

interface Pack {
    client: AnalyzerClient;
    info: AnalyzerInfo;
    /** Whether any of its policies is enforced so; others need not be asked. */
    remediates: boolean;
}

export class Policies {
    private constructor(
        private readonly run: Run,
        private readonly packs: Pack[],
    ) {}

    /** Waits for the packs to answer, and configures them. */
    static async connect(run: Run, processes: PolicyPackProcess[]): Promise<Policies> {
        const packs = await Promise.all(
            processes.map(async ({ client: connecting }) => {
                const client = await connecting;
                const info = await call<AnalyzerInfo>((done) =>
                    client.getAnalyzerInfo(new (proto().empty.Empty)(), done),
                );
                await configure(client, info, run);
                return { client, info, remediates: remediates(info) };
            }),
        );
        return new Policies(run, packs);
    }

    /** Name to version of each pack. */
    get names(): Record<string, string> {
        return Object.fromEntries(this.packs.map(({ info }) => [info.getName(), info.getVersion()]));
    }

    /**
     * Judges a resource before its step. In a preview a violation is noted and the run goes on, so that all of them are found.
     * @returns its inputs, changed where a policy remediates
     * @throws HaltedError when a mandatory policy is violated
     */
    async analyze(state: State, goal: Goal): Promise<PropertyMap> {
        const inputs = await this.remediated(state, goal);
        const request = this.fill(new (policyProto().analyzer.AnalyzeRequest)(), { state, goal }, inputs);
        const responses = await Promise.all(
            this.packs.map(({ client }) => call<AnalyzeResponse>((done) => client.analyze(request, done))),
        );
        this.report(
            responses.flatMap((response) => response.getDiagnosticsList()),
            state.urn,
        );
        return inputs;
    }

    /** The resource's inputs as the packs change them, one after the other. */
    async remediated(state: State, goal: Goal): Promise<PropertyMap> {
        let inputs = state.inputs ?? {};
        for (const { client } of this.packs.filter((pack) => pack.remediates))
            inputs = await this.remediate(client, { state: { ...state, inputs }, goal });
        return inputs;
    }

    private async remediate(client: AnalyzerClient, { state, goal }: JudgedResource): Promise<PropertyMap> {
        const request = this.fill(new (policyProto().analyzer.AnalyzeRequest)(), { state, goal }, state.inputs ?? {});
        const response = await call<RemediateResponse>((done) => client.remediate(request, done));
        let inputs = state.inputs ?? {};
        for (const remediation of response.getRemediationsList()) {
            const policy = `${remediation.getPolicypackname()}/${remediation.getPolicyname()}`;
            if (remediation.getDiagnostic()) {
                this.run.reporter.diagnostic("warning", `${policy}: ${remediation.getDiagnostic()}`, state.urn);
                continue;
            }
            // What a pack returns may have lost the marks of the secrets that it was given.
            inputs = withSecretsOf(toProperties(remediation.getProperties()), inputs);
            this.run.scrubber.learn(inputs);
            this.run.reporter.diagnostic(
                "info",
                `${policy}: ${remediation.getDescription() || "changed the resource"}`,
                state.urn,
            );
        }
        return inputs;
    }

    /** Judges all resources of the stack together. */
    async analyzeStack(resources: Iterable<JudgedResource>): Promise<void> {
        const { analyzer } = policyProto();
        const request = new analyzer.AnalyzeStackRequest().setResourcesList(
            [...resources].map((resource) => {
                const { state, goal } = resource;
                const judged = this.fill(
                    new analyzer.AnalyzerResource(),
                    resource,
                    state.outputs ?? state.inputs ?? {},
                );
                judged.setParent(state.parent ?? "").setDependenciesList(goal.dependencies);
                for (const [key, urns] of Object.entries(goal.propertyDependencies)) {
                    judged
                        .getPropertydependenciesMap()
                        .set(key, new analyzer.AnalyzerPropertyDependencies().setUrnsList(urns));
                }
                return judged;
            }),
        );
        const responses = await Promise.all(
            this.packs.map(({ client }) => call<AnalyzeResponse>((done) => client.analyzeStack(request, done))),
        );
        this.report(
            responses.flatMap((response) => response.getDiagnosticsList()),
            "",
        );
    }

    private fill<M extends AnalyzeRequest | AnalyzerResource>(
        message: M,
        { state, goal }: JudgedResource,
        properties: PropertyMap,
    ): M {
        const { analyzer } = policyProto();
        const { Struct } = proto().struct;
        const options = new analyzer.AnalyzerResourceOptions()
            .setProtect(state.protect ?? false)
            .setIgnorechangesList(goal.ignoreChanges)
            .setDeletebeforereplace(goal.deleteBeforeReplace ?? false)
            .setDeletebeforereplacedefined(goal.deleteBeforeReplace !== undefined)
            .setAdditionalsecretoutputsList(goal.additionalSecretOutputs)
            .setAliasesList(state.aliases ?? [])
            .setParent(state.parent ?? "")
            .setCustomtimeouts(
                new analyzer.AnalyzerResourceOptions.CustomTimeouts()
                    .setCreate(goal.customTimeouts["create"] ?? 0)
                    .setUpdate(goal.customTimeouts["update"] ?? 0)
                    .setDelete(goal.customTimeouts["delete"] ?? 0),
            );
        message.setType(state.type);
        message.setUrn(state.urn);
        message.setName(nameOf(state.urn));
        message.setProperties(Struct.fromJavaScript(withoutReferences(properties)));
        message.setOptions(options);
        if (state.provider) {
            const urn = providerUrn(state.provider);
            const config = Struct.fromJavaScript(this.run.providers.config(state.provider, this.run.store));
            message.setProvider(
                new analyzer.AnalyzerProviderResource()
                    .setType(typeOf(urn))
                    .setUrn(urn)
                    .setName(nameOf(urn))
                    .setProperties(config),
            );
        }
        return message;
    }

    private report(diagnostics: AnalyzeDiagnostic[], urn: string): void {
        const { halt, scrubber, reporter, dryRun } = this.run;
        let mandatory = false;
        for (const diagnostic of diagnostics) {
            const enforcement = LEVELS[diagnostic.getEnforcementlevel()] ?? "mandatory";
            const violation = {
                policy: diagnostic.getPolicyname(),
                urn: diagnostic.getUrn() || urn,
                message: scrubber.scrub(describedMessage(diagnostic)),
                enforcement,
            };
            const severity = SEVERITIES[diagnostic.getSeverity()];
            reporter.policy(violation, diagnostic.getPolicypackname(), diagnostic.getPolicypackversion(), severity);
            if (enforcement !== "mandatory") continue;
            mandatory = true;
            halt.violations.push(violation);
        }
        if (!mandatory || dryRun) return;
        halt.stop();
        throw new HaltedError();
    }
}

/** By the configuration that the pack brings, which is all that it gets. */
function remediates(info: AnalyzerInfo): boolean {
    const configured = info.getInitialconfigMap();
    const policies = [...info.getPoliciesList(), ...[...configured.keys()].map((name) => configured.get(name)!)];
    return policies.some((policy) => LEVELS[policy.getEnforcementlevel()] === "remediate");
}

/** `@pulumi/policy` begins a message with the policy's description itself, unless the pack gave the message a level of its own. */
function describedMessage(diagnostic: AnalyzeDiagnostic): string {
    const [description, message] = [diagnostic.getDescription(), diagnostic.getMessage()];
    return message.startsWith(description) ? message : `${description}\n${message}`;
}

async function configure(client: AnalyzerClient, info: AnalyzerInfo, run: Run): Promise<void> {
    const { analyzer } = policyProto();
    const stack = new analyzer.AnalyzerStackConfigureRequest()
        .setStack(run.options.stack)
        .setProject(run.project.name)
        .setOrganization("organization")
        .setDryRun(run.dryRun)
        .setConfigSecretKeysList(Object.keys(run.options.config).filter((key) => run.options.config[key]!.secret));
    for (const [key, { value }] of Object.entries(run.options.config)) stack.getConfigMap().set(key, value);
    await call((done) => client.configureStack(stack, done));
    const request = new analyzer.ConfigureAnalyzerRequest();
    const initial = info.getInitialconfigMap();
    for (const name of initial.keys()) request.getPolicyconfigMap().set(name, initial.get(name)!);
    await call((done) => client.configure(request, done));
}

function call<R extends Message>(
    send: (done: (error: ServiceError | null, response: R) => void) => unknown,
): Promise<R> {
    return new Promise((resolve, reject) =>
        send((error, response) =>
            error ? reject(new Error(`A policy pack failed: ${error.details || error.message}`)) : resolve(response),
        ),
    );
}
