/** What commands ask of an engine, whichever it is. */
import type {
    EngineEvent,
    LockHolder,
    PreviewDigest,
    PreviewOptions,
    UntypedDeployment,
    UpdateResult,
} from "@groundwork/engine/api";

import type { ConfigValue } from "../../../../config/stack-file";
import type { EngineKind } from "../options";
import type { Passphrase } from "../passphrase";

/** How to follow and stop a run. */
export interface Run {
    onEvent?: (event: EngineEvent) => void;
    /** First abort: finish the running steps and save. */
    signal?: AbortSignal;
    /** Second abort: stop at once. */
    terminate?: AbortSignal;
}

export type Outputs = UpdateResult["outputs"];

export interface Engine {
    readonly kind: EngineKind;
    preview(options?: PreviewOptions, run?: Run): Promise<PreviewDigest>;
    up(run?: Run): Promise<UpdateResult>;
    destroy(options?: { excludeProtected?: boolean }, run?: Run): Promise<UpdateResult>;
    refresh(options?: { preview?: boolean }, run?: Run): Promise<UpdateResult>;
    /** Secret values are in plaintext, marked as secret. */
    outputs(): Promise<Outputs>;
    exportState(options?: { showSecrets?: boolean }): Promise<UntypedDeployment>;
    importState(deployment: UntypedDeployment): Promise<void>;
    /** Undefined: nobody held the lock, or the engine cannot say who did. */
    unlock(): Promise<LockHolder | undefined>;
}

/** What an engine is opened with. */
export interface EngineSettings {
    projectDir: string;
    stateDir: string;
    stack: string;
    /** By full key; secrets in plaintext. */
    config: Record<string, ConfigValue>;
    encryptionSalt?: string;
    /** @param passing nothing that it encrypts is kept */
    passphrase: (passing: boolean) => Passphrase;
    /** What to do where that is the wrong one. */
    wrongPassphraseHint: (passphrase: Passphrase) => string;
    parallel?: number;
    policyPacks: string[];
    /** For the Pulumi CLI: the stack's file where it is not `Pulumi.<stack>.yaml`. */
    configFile?: string;
}
