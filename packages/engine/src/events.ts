/** What a run says while it goes: Pulumi's engine events, counts of changes, and the steps of a preview. */
import type { EngineEvent, StepEventMetadata, StepEventStateMetadata } from "@pulumi/pulumi/automation/events";

import type { PolicyError, PreviewDigest, PreviewStep, ResourceOperation, ResourceState } from "./api";
import { isBlank, masked } from "./properties";
import type { Scrubber } from "./scrub";
import type { State } from "./state/store";
import { isDefaultProvider } from "./urn";

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";
export type DetailedDiff = Record<string, { kind: DiffKind; inputDiff: boolean }>;
type Severity = "debug" | "info" | "info#err" | "warning" | "error";

/** One action on one resource. */
export interface Step {
    op: ResourceOperation;
    urn: string;
    type: string;
    provider?: string;
    old?: State;
    new?: State;
    /** Top-level properties that changed. */
    diffs?: string[];
    /** Top-level properties that force a replacement. */
    keys?: string[];
    detailedDiff?: DetailedDiff;
}

/** Steps that are not counted: of a replacement the step "replace" counts, of a refresh what it finds. */
const UNCOUNTED: ReadonlySet<ResourceOperation> = new Set(["create-replacement", "delete-replaced", "refresh"]);

type Body = Omit<EngineEvent, "sequence" | "timestamp">;

export class Reporter {
    readonly changes: Partial<Record<ResourceOperation, number>> = {};
    readonly steps: PreviewStep[] = [];
    readonly diagnostics: NonNullable<PreviewDigest["diagnostics"]> = [];
    private sequence = 0;
    private readonly started = Date.now();

    constructor(
        private readonly options: {
            onEvent?: (event: EngineEvent) => void;
            scrubber: Scrubber;
            /** Nothing is done: steps are kept for the digest. */
            planning: boolean;
        },
    ) {}

    get durationSeconds(): number {
        return (Date.now() - this.started) / 1000;
    }

    emit(body: Body): void {
        this.options.onEvent?.({ sequence: this.sequence++, timestamp: Math.floor(Date.now() / 1000), ...body });
    }

    prelude(config: Record<string, { value: string; secret: boolean }>): void {
        this.emit({ preludeEvent: { config: shownConfig(config) } });
    }

    /** A step begins. */
    pre(step: Step): void {
        if (isDefaultProvider(step.urn)) return;
        if (!UNCOUNTED.has(step.op)) this.changes[step.op] = (this.changes[step.op] ?? 0) + 1;
        if (this.options.planning && (!UNCOUNTED.has(step.op) || step.op === "refresh"))
            this.steps.push(previewStep(step));
        if (this.options.onEvent)
            this.emit({ resourcePreEvent: { metadata: metadata(step), planning: this.options.planning } });
    }

    /** Counts a change that is not the step's own. */
    count(op: ResourceOperation): void {
        this.changes[op] = (this.changes[op] ?? 0) + 1;
    }

    /** A step is done; `new` has its outputs. */
    done(step: Step): void {
        if (!this.options.onEvent || isDefaultProvider(step.urn)) return;
        this.emit({ resOutputsEvent: { metadata: metadata(step), planning: this.options.planning } });
    }

    failed(step: Step, message: string): void {
        this.diagnostic("error", message, step.urn);
        if (this.options.onEvent) this.emit({ resOpFailedEvent: { metadata: metadata(step), status: 0, steps: 1 } });
    }

    diagnostic(severity: Severity, message: string, urn?: string, ephemeral = false): void {
        const text = this.options.scrubber.scrub(message);
        if (severity !== "debug" && !ephemeral)
            this.diagnostics.push({ ...(urn ? { urn } : {}), message: text, severity });
        // The type that the SDK declares leaves out "debug", which the CLI does emit.
        const shown = severity as "info";
        this.emit({ diagnosticEvent: { urn, message: `${text}\n`, color: "never", severity: shown, ephemeral } });
    }

    /** A policy is violated; `violation` has no secret in it. */
    policy(
        violation: PolicyError["violations"][number],
        pack: string,
        version: string,
        severity: string | undefined,
    ): void {
        const { policy, urn, message, enforcement } = violation;
        const event = {
            resourceUrn: urn,
            message,
            color: "never",
            policyName: policy,
            policyPackName: pack,
            policyPackVersion: version,
            policyPackVersionTag: version,
            // The SDK's type leaves out the severity, and calls "advisory" "warning"; this is what the CLI writes.
            enforcementLevel: enforcement as "mandatory",
            ...(severity ? { severity } : {}),
        };
        this.emit({ policyEvent: event });
    }

    summary(policyPacks: Record<string, string> = {}): void {
        this.emit({
            summaryEvent: {
                maybeCorrupt: false,
                durationSeconds: Math.round(this.durationSeconds),
                resourceChanges: this.changes,
                policyPacks,
            },
        });
    }
}

/** Secret values are not in it. */
export function shownConfig(config: Record<string, { value: string; secret: boolean }>): Record<string, string> {
    return Object.fromEntries(
        Object.entries(config).map(([key, { value, secret }]) => [key, secret ? "[secret]" : value]),
    );
}

function metadata(step: Step): StepEventMetadata {
    return {
        op: step.op as StepEventMetadata["op"],
        urn: step.urn,
        type: step.type,
        old: step.old && eventState(step.old),
        new: step.new && eventState(step.new),
        keys: step.keys,
        diffs: step.diffs,
        detailedDiff:
            step.detailedDiff &&
            (Object.fromEntries(
                Object.entries(step.detailedDiff).map(([path, { kind, inputDiff }]) => [
                    path,
                    { diffKind: kind, inputDiff },
                ]),
            ) as StepEventMetadata["detailedDiff"]),
        logical: !UNCOUNTED.has(step.op),
        provider: step.provider ?? "",
    };
}

function eventState(state: State): StepEventStateMetadata {
    return {
        type: state.type,
        urn: state.urn,
        custom: state.custom,
        delete: state.delete,
        id: state.id ?? "",
        parent: state.parent ?? "",
        protect: state.protect,
        retainOnDelete: state.retainOnDelete,
        inputs: masked(state.inputs ?? {}),
        outputs: masked(state.outputs ?? {}),
        provider: state.provider ?? "",
        initErrors: state.initErrors,
    };
}

function previewStep(step: Step): PreviewStep {
    return {
        op: step.op,
        urn: step.urn,
        ...(step.provider ? { provider: step.provider } : {}),
        ...(step.old ? { oldState: shownState(step.old) } : {}),
        ...(step.new ? { newState: shownState(step.new) } : {}),
        ...(step.diffs?.length ? { diffReasons: step.diffs } : {}),
        ...(step.keys?.length ? { replaceReasons: step.keys } : {}),
        detailedDiff: step.detailedDiff ?? null,
    };
}

/** Without secrets, and without what is empty, as in the CLI's JSON. */
function shownState(state: State): ResourceState {
    const shown = {
        ...state,
        inputs: state.inputs && masked(state.inputs),
        outputs: state.outputs && masked(state.outputs),
    };
    return Object.fromEntries(
        Object.entries(shown).filter(([key, value]) => key === "custom" || !isBlank(value)),
    ) as unknown as ResourceState;
}
