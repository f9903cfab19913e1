/** What all parts of one run share. */
import type { Limit } from "p-limit";

import { CancelledError, type EngineOptions } from "./api";
import type { Reporter } from "./events";
import type { Halt } from "./halt";
import { plain } from "./properties";
import type { Provider, ProviderContext, PropertyMap } from "./provider";
import type { Project } from "./project";
import type { ProviderRegistry } from "./registry";
import type { Scrubber } from "./scrub";
import type { State, StateStore } from "./state/store";
import { isProviderType, nameOf } from "./urn";

export interface Run {
    options: EngineOptions;
    project: Project;
    /** Nothing is changed, neither resources nor state. */
    dryRun: boolean;
    store: StateStore;
    reporter: Reporter;
    scrubber: Scrubber;
    halt: Halt;
    limit: Limit;
    providers: ProviderRegistry;
    /** Version by name of the policy packs of this run. */
    policyPacks: Record<string, string>;
    /** Aborted when the run is to stop at once. */
    terminate: AbortSignal;
}

export type TimedOperation = "create" | "update" | "delete" | "read";

/** A provider with all it needs to know about one resource. */
export function providerFor(
    run: Run,
    state: State,
    operation: TimedOperation,
): { provider: Provider; context: ProviderContext } {
    const { provider, config } = run.providers.resolve(state, run.store);
    return {
        provider,
        context: {
            urn: state.urn,
            name: nameOf(state.urn),
            type: state.type,
            config,
            log: (message, severity = "info") =>
                run.reporter.diagnostic(severity, message, state.urn, severity === "info"),
            signal: run.terminate,
            timeoutSeconds: state.customTimeouts?.[operation],
            ignoreChanges: state.ignoreChanges,
        },
    };
}

/** Inputs and outputs as providers want them. */
export function plainState(state: State): { inputs: PropertyMap; outputs: PropertyMap } {
    return { inputs: plain(state.inputs ?? {}), outputs: plain(state.outputs ?? {}) };
}

/** Managed by one of the engine's providers, unlike components, provider resources and what was only read. */
export function isManaged(state: State): boolean {
    return state.custom && !state.external && !isProviderType(state.type);
}

/**
 * Runs an action of a provider among at most `parallel` others. What it throws has no secret in it.
 * @throws HaltedError when the run is ending
 */
export function limited<T>(run: Run, action: () => Promise<T>): Promise<T> {
    return run.limit(async () => {
        run.halt.check();
        return action();
    });
}

/** Message of an error, without secrets. */
export function errorMessage(run: Run, error: unknown): string {
    return run.scrubber.scrub(error instanceof Error ? error.message : String(error));
}

/** The error itself, without secrets in all that is shown of it: its message and, to who asks for more, its stack and its causes. */
export function withoutSecrets<E>(run: Run, error: E): E {
    for (let each: unknown = error; each instanceof Error; each = each.cause) {
        for (const key of ["message", "stack"] as const) {
            const text = each[key];
            const shown = text && run.scrubber.scrub(text);
            // Not every error lets its message be assigned.
            if (shown !== text) Object.defineProperty(each, key, { value: shown, configurable: true, writable: true });
        }
    }
    return error;
}

/** Resolves with what the action does, or throws as soon as the run is to stop at once. */
export async function unlessTerminated<T>(run: Run, action: Promise<T>): Promise<T> {
    // Nobody hears any more how it fails, which would end the process before its state is saved.
    action.catch(() => undefined);
    if (run.terminate.aborted) throw new CancelledError();
    let onAbort: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
        onAbort = () => reject(new CancelledError());
        run.terminate.addEventListener("abort", onAbort, { once: true });
    });
    try {
        return await Promise.race([action, aborted]);
    } finally {
        run.terminate.removeEventListener("abort", onAbort);
    }
}
