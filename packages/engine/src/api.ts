/**
 * The engine's public face. Events, state and preview have the shapes of the Pulumi CLI, so that what reads one reads the other.
 */
import type { EngineEvent } from "@pulumi/pulumi/automation/events";

import type { Provider } from "./provider";

export type { EngineEvent };

/** Where a program and its state are, and how to run it. */
export interface EngineOptions {
    /** Directory of `Pulumi.yaml`. */
    projectDir: string;
    /** Directory of the state files; made with mode 0700 when absent. */
    stateDir: string;
    stack: string;
    /**
     * Full keys, e.g. `groundwork:system`. Values as in a stack file: objects as JSON text. Secret values are plain here and never written
     * so.
     */
    config: Record<string, { value: string; secret: boolean }>;
    /** Encrypts secrets in the state, with Pulumi's passphrase scheme, so that `pulumi stack import` can read it. */
    passphrase: string;
    /** Salt of the stack file (`encryptionsalt`), where it has one. */
    encryptionSalt?: string;
    /**
     * Directories of policy packs, run with `@pulumi/pulumi/cmd/run-policy-pack`, or by the file that a pack's package.json names in
     * `groundwork.analyzer`.
     */
    policyPacks?: string[];
    /** Most steps at once; default 16. */
    parallel?: number;
    onEvent?: (event: EngineEvent) => void;
    /** First abort: finish the running steps and save. */
    signal?: AbortSignal;
    /** Second abort: stop at once. */
    terminate?: AbortSignal;
    /** Instead of the built-in ones; for tests. */
    providers?: Provider[];
    /**
     * File of JavaScript with a source map, made of the whole program: runs in its place, which starts sooner. Default: the project's
     * entry.
     */
    bundle?: string;
    /** Extra environment of the program. */
    env?: Record<string, string>;
    /** Called when a program has ended well, with all that it registered. */
    onRegistered?: (resources: RegisteredResource[]) => void;
    /** Notes where in the program each resource was made; default false: it takes the program longer. */
    positions?: boolean;
}

/** What a program asked for, as its provider checked it. Secrets are in plaintext: it is for judging, not for showing. */
export interface RegisteredResource {
    urn: string;
    type: string;
    name: string;
    /** What is not known before the run is Pulumi's text for an unknown. */
    inputs: Record<string, unknown>;
    /** What a component says of itself; absent for other resources. */
    outputs?: Record<string, unknown>;
    protect?: boolean;
    retainOnDelete?: boolean;
    parent?: string;
    ignoreChanges: string[];
    /** By property: URNs of the resources whose outputs it is made of. */
    propertyDependencies: Record<string, string[]>;
    /** Where it was made, and what called that, outward. Only with `positions`. */
    madeAt: SourcePosition[];
}

export interface SourcePosition {
    /** Absolute path. */
    file: string;
    /** From 1. */
    line: number;
}

export type ResourceOperation =
    | "same"
    | "create"
    | "update"
    | "delete"
    | "replace"
    | "create-replacement"
    | "delete-replaced"
    | "read"
    | "refresh"
    | "discard";

/** `pulumi preview --json`: https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/ */
export interface PreviewDigest {
    config?: Record<string, string>;
    steps: PreviewStep[];
    diagnostics?: { urn?: string; prefix?: string; message: string; severity: string }[];
    duration: number;
    changeSummary: Partial<Record<ResourceOperation, number>>;
    maybeCorrupt?: boolean;
}

export interface PreviewStep {
    op: ResourceOperation;
    urn: string;
    provider?: string;
    oldState?: ResourceState;
    newState?: ResourceState;
    diffReasons?: string[];
    replaceReasons?: string[];
    detailedDiff?: Record<
        string,
        { kind: "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace"; inputDiff: boolean }
    > | null;
}

/** A resource in Pulumi's deployment JSON, version 3. */
export interface ResourceState {
    urn: string;
    custom: boolean;
    type: string;
    id?: string;
    parent?: string;
    provider?: string;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    dependencies?: string[];
    propertyDependencies?: Record<string, string[]>;
    protect?: boolean;
    retainOnDelete?: boolean;
    external?: boolean;
    delete?: boolean;
    pendingReplacement?: boolean;
    additionalSecretOutputs?: string[];
    aliases?: string[];
    ignoreChanges?: string[];
    replaceOnChanges?: string[];
    customTimeouts?: Record<string, number>;
    initErrors?: string[];
    created?: string;
    modified?: string;
}

/** `pulumi stack export`. */
export interface UntypedDeployment {
    version: 3;
    deployment: {
        manifest: { time: string; magic: string; version: string };
        secrets_providers?: { type: string; state: unknown };
        resources: ResourceState[];
        pending_operations?: { resource: ResourceState; type: string }[];
        metadata?: unknown;
    };
}

export interface UpdateResult {
    changes: Partial<Record<ResourceOperation, number>>;
    outputs: Record<string, { value: unknown; secret: boolean }>;
    durationSeconds: number;
}

export interface EmbeddedEngine {
    preview(options?: PreviewOptions): Promise<PreviewDigest>;
    up(): Promise<UpdateResult>;
    /** Deletes everything that is not protected; protected resources are named in a `StepsFailedError` before anything is touched. */
    destroy(options?: { excludeProtected?: boolean }): Promise<UpdateResult>;
    refresh(options?: { preview?: boolean }): Promise<UpdateResult>;
    outputs(): Promise<UpdateResult["outputs"]>;
    /** Secrets stay encrypted unless `showSecrets`. */
    exportState(options?: { showSecrets?: boolean }): Promise<UntypedDeployment>;
    importState(deployment: UntypedDeployment): Promise<void>;
    /** Removes the lock; returns who held it, or undefined if nobody did. */
    unlock(): Promise<LockHolder | undefined>;
}

export interface PreviewOptions {
    /** Preview `destroy` with these options, which needs no program. Default: preview `up`. */
    destroy?: { excludeProtected?: boolean };
}

export interface LockHolder {
    pid: number;
    host: string;
    user: string;
    operation: string;
    since: string;
}

/** Another run holds the stack. */
export class LockedError extends Error {
    constructor(
        readonly stackName: string,
        readonly holder: LockHolder,
    ) {
        super(
            `Stack "${stackName}" is locked by ${holder.user}@${holder.host} (process ${holder.pid}), which has been running "${holder.operation}" since ${holder.since}. ` +
                `Wait for it to end; if it is gone for good, run "gw state unlock --stack ${stackName}".`,
        );
        this.name = "LockedError";
    }
}

/** The program threw, or ended with an error. Nothing was deleted. */
export class ProgramError extends Error {
    constructor(message: string) {
        super(message);
        this.name = "ProgramError";
    }
}

/** One or more steps failed; what succeeded is in the state. */
export class StepsFailedError extends Error {
    constructor(readonly failures: { urn: string; message: string }[]) {
        super(failures.map((f) => `${f.urn}: ${f.message}`).join("\n"));
        this.name = "StepsFailedError";
    }
}

/** A mandatory policy was violated. */
export class PolicyError extends Error {
    constructor(readonly violations: { policy: string; urn: string; message: string; enforcement: string }[]) {
        super(violations.map((v) => `${v.policy}: ${v.urn}: ${v.message}`).join("\n"));
        this.name = "PolicyError";
    }
}

/** Stopped on request; what was done is in the state. */
export class CancelledError extends Error {
    constructor() {
        super("Stopped on request. What was done is saved; run the same command again to go on.");
        this.name = "CancelledError";
    }
}
