/** What the engine asks of a provider. One small file a provider, on a well-kept client. */

/**
 * Plain JSON values; `UNKNOWN` stands for what is not known before the run. Secrets are unwrapped by the engine before, and wrapped after.
 */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | { [key: string]: PropertyValue };
export type PropertyMap = Record<string, PropertyValue>;

/** Pulumi's own marker for an unknown string. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface CheckFailure {
    property: string;
    reason: string;
}

export interface DiffResult {
    changed: boolean;
    /** Property paths that force a replacement. */
    replaces: string[];
    deleteBeforeReplace: boolean;
    /** By property path, as in `detailedDiff` of a preview. */
    detailed: Record<string, "add" | "delete" | "update">;
}

/**
 * Thrown by `create` when it is certain to have made nothing, because something of that name is already there. Then nothing is looked for
 * and removed afterwards: what would be found is not this run's, whatever its labels say.
 */
export class NothingMadeError extends Error {
    constructor(message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = "NothingMadeError";
    }
}

/**
 * Thrown by `create` and `update` when the resource is there as asked for, but has not become ready. It is kept, and the state says that it
 * is not ready: the next run updates it, and so waits for it again.
 */
export class NotReadyError extends Error {
    constructor(
        message: string,
        readonly id: string,
        readonly outputs: PropertyMap,
        options?: ErrorOptions,
    ) {
        super(message, options);
        this.name = "NotReadyError";
    }
}

/** A resource as it was found. */
export interface Found {
    inputs: PropertyMap;
    outputs: PropertyMap;
    /** Why it is not ready; the next run updates it then. */
    initErrors?: string[];
}

export interface ProviderContext {
    urn: string;
    /** Logical name of the resource, the start of an automatic name. */
    name: string;
    type: string;
    /** Configuration of the explicit or default provider resource, e.g. `{host: "ssh://…"}`. */
    config: PropertyMap;
    /** Progress for people, e.g. "waiting for healthy (8 s)". */
    log: (message: string, severity?: "info" | "warning" | "debug") => void;
    /** Aborted when the run is stopped at once. */
    signal: AbortSignal;
    /** Custom timeout of this operation in seconds, if the program set one. */
    timeoutSeconds?: number;
    /** Property paths that the program leaves to others. */
    ignoreChanges?: readonly string[];
}

/** A resource as the state has it. */
export interface Recorded {
    inputs: PropertyMap;
    outputs: PropertyMap;
    /** Why it was not ready when the last run was done with it. Absent: it was. */
    initErrors?: string[];
}

export interface Unsettled {
    urn: string;
    message: string;
}

export interface Provider {
    /** The package, e.g. `docker`. */
    readonly name: string;
    /** Version reported in provider resources; equal to the npm package's that the program uses. */
    readonly version: string;
    /** Tokens it serves, e.g. `docker:index/container:Container`; of a provider whose types are no fixed list: none. */
    readonly types: readonly string[];
    /** For types beyond `types`. @returns undefined when it serves the type, else why not and what to do instead */
    refuses?(type: string): string | undefined;
    /** Output properties that are always secret, by type; inputs of these names are too. */
    readonly secretOutputs?: Record<string, readonly string[]>;
    /** Outputs hold the inputs at the same places, with more beside them: a preview keeps that through an update. */
    readonly nestedOutputs?: boolean;
    /**
     * Output properties that any update may change, by type: unknown in the preview of an update. The others are taken to stay as they are.
     */
    readonly volatileOutputs?: Record<string, readonly string[]>;
    /**
     * Validates and completes inputs: defaults and automatic names (`<name>-<7 hex>`, kept from `olds`, taken from `seed` when new, so that
     * it is recorded before anything is made).
     */
    check(
        ctx: ProviderContext,
        olds: PropertyMap | undefined,
        news: PropertyMap,
        seed: Buffer,
    ): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }>;
    diff(ctx: ProviderContext, id: string, olds: Recorded, news: PropertyMap): Promise<DiffResult>;
    create(ctx: ProviderContext, inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }>;
    update(
        ctx: ProviderContext,
        id: string,
        olds: { inputs: PropertyMap; outputs: PropertyMap },
        news: PropertyMap,
    ): Promise<{ outputs: PropertyMap }>;
    delete(ctx: ProviderContext, id: string, olds: { inputs: PropertyMap; outputs: PropertyMap }): Promise<void>;
    /** Undefined: it is gone. */
    read(
        ctx: ProviderContext,
        id: string,
        olds?: { inputs: PropertyMap; outputs: PropertyMap },
    ): Promise<Found | undefined>;
    /**
     * After an interrupted `create`, and after one that threw anything but NothingMadeError (then what it returns is deleted): finds what
     * may have been left behind, by the recorded inputs. Returns it when it is whole and can be adopted; otherwise removes every trace and
     * returns undefined.
     */
    recover(
        ctx: ProviderContext,
        inputs: PropertyMap,
    ): Promise<{ id: string; outputs: PropertyMap; initErrors?: string[] } | undefined>;
    /**
     * Waits for what `create` and `update` left to itself once others could build on it. Called after the last step of a run that
     * changes something. @param signal the run's @returns what has not become what it was to be
     */
    settle?(signal: AbortSignal): Promise<Unsettled[]>;
    /** Functions, e.g. `docker:index/getNetwork:getNetwork`; absent: none. */
    invoke?(ctx: ProviderContext, token: string, args: PropertyMap): Promise<PropertyMap>;
}
